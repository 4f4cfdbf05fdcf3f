package io.fairlead.explain.read.nft;

import io.fairlead.explain.model.AddressType;
import io.fairlead.explain.model.ConnectionBits;
import io.fairlead.explain.model.Pattern;
import io.fairlead.explain.model.Value;
import io.fairlead.explain.read.Constants;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** Reads constants as patterns with which a rule compares a value. */
final class Values {
    private static final Map<String, Integer> TCP_FLAGS =
            Map.of("fin", 1, "syn", 2, "rst", 4, "psh", 8, "ack", 16, "urg", 32, "ecn", 64, "cwr", 128);

    private static final Map<String, Integer> PACKET_TYPES =
            Map.of("host", 0, "unicast", 0, "broadcast", 1, "multicast", 2, "other", 3);

    private Values() {}

    /** Reads one token as a pattern for values of a type. Returns {@link Pattern.Unread} if the meaning is unknown. */
    static Pattern pattern(Token token, ValueType type) {
        String text = token.text();
        boolean quoted = token.kind() == Token.Kind.QUOTED;
        if (token.isUnknown()) {
            return new Pattern.Unread(text);
        }
        return switch (type) {
            case ADDRESS -> Constants.address(text);
            case NAME -> name(text);
            case PORT, NUMBER -> quoted ? new Pattern.Unread(text) : Constants.numbers(text, '-', Long.MAX_VALUE);
            case PROTOCOL -> protocol(text);
            case FAMILY,
                    CONNECTION_STATE,
                    CONNECTION_STATUS,
                    DIRECTION,
                    ADDRESS_TYPE,
                    TCP_FLAGS,
                    PACKET_TYPE,
                    EXISTENCE -> {
                OptionalLong number = bits(text, type);
                yield number.isEmpty()
                        ? new Pattern.Unread(text)
                        : new Pattern.One(Value.Numeric.of(number.getAsLong()));
            }
            case OTHER -> new Pattern.Unread(text);
        };
    }

    private static Pattern name(String text) {
        return text.endsWith("*")
                ? new Pattern.Beginning(text.substring(0, text.length() - 1))
                : new Pattern.One(new Value.Name(text));
    }

    private static Pattern protocol(String text) {
        OptionalLong number = Constants.protocol(text);
        return number.isPresent()
                ? new Pattern.One(Value.Numeric.of(number.getAsLong()))
                : Constants.numbers(text, '-', 255);
    }

    /** Reads a word as a number of a type; empty if the word is unknown. */
    static OptionalLong bits(String text, ValueType type) {
        String word = text.toLowerCase(Locale.ROOT);
        OptionalLong number = Constants.number(word);
        if (number.isPresent()) {
            return number;
        }
        long bits = switch (type) {
            case CONNECTION_STATE -> found(ConnectionBits.state(word));
            case CONNECTION_STATUS -> found(ConnectionBits.status(word));
            case TCP_FLAGS -> TCP_FLAGS.getOrDefault(word, -1);
            case FAMILY ->
                word.equals("ipv4") || word.equals("ip") ? 2 : word.equals("ipv6") || word.equals("ip6") ? 10 : -1;
            case ADDRESS_TYPE -> found(addressType(word));
            case DIRECTION -> word.equals("original") ? 0 : word.equals("reply") ? 1 : -1;
            case PACKET_TYPE -> PACKET_TYPES.getOrDefault(word, -1);
            case EXISTENCE -> word.equals("missing") ? 0 : word.equals("exists") ? 1 : -1;
            case PROTOCOL -> Constants.protocol(word).orElse(-1);
            case ADDRESS, PORT, NUMBER, NAME, OTHER -> -1;
        };
        return bits < 0 ? OptionalLong.empty() : OptionalLong.of(bits);
    }

    private static long found(long bits) {
        return bits == 0 ? -1 : bits;
    }

    private static long addressType(String word) {
        for (AddressType type : AddressType.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(word)) {
                return type.number();
            }
        }
        return 0;
    }
}
