package io.fairlead.explain.read;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.explain.model.Pattern;
import io.fairlead.explain.model.Value;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** Parses numbers, protocols and addresses as iptables and nft write them. */
public final class Constants {
    private static final Map<String, Integer> PROTOCOLS = Map.ofEntries(
            Map.entry("ip", 0),
            Map.entry("icmp", 1),
            Map.entry("igmp", 2),
            Map.entry("ipencap", 4),
            Map.entry("tcp", 6),
            Map.entry("udp", 17),
            Map.entry("dccp", 33),
            Map.entry("ipv6", 41),
            Map.entry("gre", 47),
            Map.entry("esp", 50),
            Map.entry("ipsec-esp", 50),
            Map.entry("ah", 51),
            Map.entry("ipsec-ah", 51),
            Map.entry("icmpv6", 58),
            Map.entry("ipv6-icmp", 58),
            Map.entry("ospf", 89),
            Map.entry("ipip", 94),
            Map.entry("pim", 103),
            Map.entry("comp", 108),
            Map.entry("vrrp", 112),
            Map.entry("l2tp", 115),
            Map.entry("sctp", 132),
            Map.entry("udplite", 136));

    private Constants() {}

    /** Returns the number of a protocol that is written as a name or as a number; empty if the name is unknown. */
    public static OptionalLong protocol(String text) {
        Integer number = PROTOCOLS.get(text.toLowerCase(Locale.ROOT));
        return number == null ? number(text) : OptionalLong.of(number);
    }

    /** Parses an unsigned decimal or hexadecimal number; empty if the text is not a number. */
    public static OptionalLong number(String text) {
        try {
            if (text.startsWith("0x") || text.startsWith("0X")) {
                return OptionalLong.of(Long.parseUnsignedLong(text, 2, text.length(), 16));
            }
            return text.isEmpty() || text.charAt(0) < '0' || text.charAt(0) > '9'
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    /**
     * Parses an address, a range of addresses, or a prefix with a length or a netmask. Returns {@link Pattern.Unread}
     * if the text is none of these.
     */
    public static Pattern address(String text) {
        try {
            int slash = text.indexOf('/');
            if (slash >= 0) {
                String length = text.substring(slash + 1);
                Ip ip = Ip.parse(text.substring(0, slash));
                int bits = length.indexOf('.') < 0 && length.indexOf(':') < 0
                        ? Integer.parseInt(length)
                        : ones(Ip.parse(length));
                return bits < 0 ? new Pattern.Unread(text) : new Pattern.Prefix(new Cidr(ip, bits));
            }
            int dash = text.indexOf('-');
            return dash < 0
                    ? new Pattern.One(new Value.Address(Ip.parse(text)))
                    : new Pattern.Range(
                            new Value.Address(Ip.parse(text.substring(0, dash))),
                            new Value.Address(Ip.parse(text.substring(dash + 1))));
        } catch (IllegalArgumentException _) {
            return new Pattern.Unread(text);
        }
    }

    /** Returns the number of 1 bits in a netmask; -1 if a 1 bit follows a 0 bit. */
    private static int ones(Ip mask) {
        int ones = 0;
        boolean ended = false;
        for (byte each : mask.bytes()) {
            for (int bit = 7; bit >= 0; bit--) {
                boolean one = (each >> bit & 1) == 1;
                if (one && ended) {
                    return -1;
                }
                ended |= !one;
                ones += one ? 1 : 0;
            }
        }
        return ones;
    }

    /**
     * Parses a number or a range of numbers, such as "80", "80-90" or "80:90". A missing first number means 0; a
     * missing last number means {@code most}. Returns {@link Pattern.Unread} if the text is neither a number nor a
     * range.
     */
    public static Pattern numbers(String text, char separator, long most) {
        int at = text.indexOf(separator);
        if (at < 0) {
            OptionalLong number = number(text);
            return number.isEmpty() ? new Pattern.Unread(text) : new Pattern.One(Value.Numeric.of(number.getAsLong()));
        }
        OptionalLong first = at == 0 ? OptionalLong.of(0) : number(text.substring(0, at));
        OptionalLong last = at == text.length() - 1 ? OptionalLong.of(most) : number(text.substring(at + 1));
        return first.isEmpty() || last.isEmpty()
                ? new Pattern.Unread(text)
                : new Pattern.Range(Value.Numeric.of(first.getAsLong()), Value.Numeric.of(last.getAsLong()));
    }
}
