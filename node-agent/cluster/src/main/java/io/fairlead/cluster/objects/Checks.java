package io.fairlead.cluster.objects;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Protocol;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The checks of values that several kinds of objects have. Most of them report a bad value to the {@link Findings}. */
final class Checks {

    private Checks() {}

    static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Parses an IP address. Returns empty if the text is not an IP address. */
    static Optional<Ip> ip(String text) {
        try {
            return Optional.of(Ip.parse(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    static Optional<Cidr> cidr(String text) {
        try {
            return Optional.of(Cidr.parse(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    static String notAnAddress(String text) {
        return "not an IP address: " + Names.quoted(text);
    }

    static String notAPrefix(String text) {
        return "not an address range (CIDR): " + Names.quoted(text);
    }

    /**
     * Parses a protocol. An absent field means TCP, as for the API server. If the text is not TCP, UDP or SCTP, sets
     * the object aside and returns empty.
     */
    static Optional<Protocol> protocol(@Nullable String text, String field, Findings findings) {
        if (text == null || text.isEmpty()) {
            return Optional.of(Protocol.TCP);
        }
        Optional<Protocol> protocol = Protocol.parse(text);
        if (protocol.isEmpty()) {
            findings.setAside(field, "not TCP, UDP or SCTP: " + Names.quoted(text));
        }
        return protocol;
    }

    /**
     * Returns whether a port number is in the allowed range. Sets the object aside if it is not.
     *
     * @param least the smallest allowed number: 0 if 0 means "no port", otherwise 1
     */
    static boolean port(int number, int least, String field, Findings findings) {
        if (number >= least && number <= 65535) {
            return true;
        }
        findings.setAside(field, "not in " + least + " to 65535: " + number);
        return false;
    }

    static boolean portName(String name, String field, Findings findings) {
        if (name.isEmpty() || Names.isLabel(name)) {
            return true;
        }
        findings.setAside(field, "not a port name (lower-case letters, digits, '-'; up to 63): " + Names.quoted(name));
        return false;
    }

    /**
     * Returns the constant of an enum that a field names. Returns {@code fallback} if the field is absent. If no
     * constant has this name, sets the object aside and returns empty.
     */
    static <E extends Enum<E>> Optional<E> word(
            @Nullable String text, Class<E> type, E fallback, String field, Findings findings) {
        if (text == null || text.isEmpty()) {
            return Optional.of(fallback);
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().replace("_", "").equals(text.toUpperCase(Locale.ROOT))) {
                return Optional.of(constant);
            }
        }
        findings.setAside(field, "unknown value: " + Names.quoted(text));
        return Optional.empty();
    }
}
