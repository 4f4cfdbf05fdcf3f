package io.fairlead.inspect.bundle;

import io.fairlead.core.net.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An address, a network or a range of addresses as it is written in the files of a bundle. */
sealed interface WrittenAddress {
    /** One address. */
    record Single(Ip ip) implements WrittenAddress {}

    /**
     * An address with a prefix length.
     *
     * @param length as it is written; it may be longer than the address
     */
    record Sized(Ip ip, int length) implements WrittenAddress {
        /** Returns whether this is a network: all bits after the prefix are 0. */
        boolean isNetwork() {
            return length <= ip.family().bits() && ip.masked(length).equals(ip);
        }
    }

    /**
     * All addresses from one to another of the same family.
     *
     * @param between the text between the two addresses: a hyphen, with brackets around IPv6 addresses
     */
    record Range(Ip first, String between, Ip last) implements WrittenAddress {
        /** Returns the number of bits at the start that both addresses share. */
        int common() {
            return AddressBits.common(first, last);
        }

        /** Returns whether the range contains exactly the addresses of one network. */
        boolean isNetwork() {
            return first.masked(common()).equals(first)
                    && AddressBits.last(first, common()).equals(last);
        }
    }

    /**
     * An address, network or range at a place in a text.
     *
     * @param start the index of its first character
     * @param end the index after its last character
     */
    record Found(int start, int end, WrittenAddress address) {}

    /** Returns what is written in a text, in order. */
    static List<Found> in(String text) {
        List<Found> all = new ArrayList<>();
        Matcher address = Texts.ADDRESS.matcher(text);
        int from = 0;
        while (address.find(from)) {
            from = address.end();
            Ip ip = Texts.parse(address.group("ip"));
            if (ip != null) {
                Found found = Texts.found(text, address, ip);
                all.add(found);
                from = found.end();
            }
        }
        return all;
    }

    /** The texts of addresses. */
    final class Texts {
        /**
         * An IPv4 address may follow a colon ("to:192.0.2.1", "::ffff:192.0.2.1"). An IPv6 address may not, because the
         * groups before it would belong to it.
         */
        private static final String IP = "(?<ip>(?<![0-9A-Za-z.])[0-9]{1,3}(?:\\.[0-9]{1,3}){3}(?![0-9A-Za-z]|\\.[0-9])"
                + "|(?<![0-9A-Za-z.:])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?![0-9A-Za-z:]|\\.[0-9]))";

        private static final Pattern ADDRESS = Pattern.compile(IP + "(?:/(?<length>[0-9]{1,3}))?");
        /** What follows the first address of a range. */
        private static final Pattern LAST = Pattern.compile("(?<between>\\]?-\\[?)" + IP);

        private Texts() {}

        private static Found found(String text, Matcher address, Ip ip) {
            String length = address.group("length");
            if (length != null) {
                return new Found(address.start(), address.end(), new Sized(ip, Integer.parseInt(length)));
            }
            Matcher rest =
                    LAST.matcher(text).region(address.end(), text.length()).useTransparentBounds(true);
            if (rest.lookingAt()) {
                Ip last = parse(rest.group("ip"));
                if (last != null && last.family() == ip.family()) {
                    return new Found(address.start(), rest.end(), new Range(ip, rest.group("between"), last));
                }
            }
            return new Found(address.start(), address.end(), new Single(ip));
        }

        private static @Nullable Ip parse(String text) {
            try {
                return Ip.parse(text);
            } catch (IllegalArgumentException _) {
                return null;
            }
        }
    }
}
