package io.fairlead.nftables.read;

import io.fairlead.core.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes types of keys and data, and their values, as nft 1.0.6 lists them. The kernel stores a number for each type.
 * The number of a concatenation consists of the numbers of its parts, with 6 bits for each part.
 */
final class TypeText {
    static final int INTEGER = 4;
    static final int IPV4 = 7;
    static final int IPV6 = 8;
    static final int PROTOCOL = 12;
    static final int PORT = 13;
    static final int MARK = 19;
    static final int CT_STATE = 26;
    static final int CT_STATUS = 28;
    static final int ADDRESS_KIND = 38;
    static final int INTERFACE = 41;

    private static final int BITS_OF_A_PART = 6;
    private static final int WORD = 4;
    private static final int NAME = 16;

    private static final @Nullable String[] WORDS = {
        null,
        "verdict",
        "nf_proto",
        "bitmask",
        "integer",
        "string",
        "ll_addr",
        "ipv4_addr",
        "ipv6_addr",
        "ether_addr",
        "ether_type",
        "arp_op",
        "inet_proto",
        "inet_service",
        "icmp_type",
        "tcp_flag",
        "dccp_pkttype",
        "mh_type",
        "time",
        "mark",
        "iface_index",
        "iface_type",
        "realm",
        "classid",
        "uid",
        "gid",
        "ct_state",
        "ct_dir",
        "ct_status",
        "icmpv6_type",
        "ct_label",
        "pkt_type",
        "icmp_code",
        "icmpv6_code",
        "icmpx_code",
        "devgroup",
        "dscp",
        "ecn",
        "fib_addrtype",
        "boolean",
        "ct_event",
        "ifname",
        "igmp_type",
        "time",
        "hour",
        "day",
        "cgroupsv2"
    };

    private static final String[] STATES = {"invalid", "established", "related", "new"};
    private static final int UNTRACKED = 6;
    private static final String[] STATUSES = {
        "expected",
        "seen-reply",
        "assured",
        "confirmed",
        "snat",
        "dnat",
        "seq-adjust",
        "snat-done",
        "dnat-done",
        "dying"
    };
    private static final String[] ADDRESS_KINDS = {
        "unspec", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit"
    };

    private TypeText() {}

    /** Returns the name of a type, for example "ipv4_addr . inet_service". */
    static String words(int type) {
        return String.join(
                " . ",
                parts(type).stream()
                        .map(part -> part < WORDS.length && WORDS[part] != null ? WORDS[part] : "[type " + part + "]")
                        .toList());
    }

    private static List<Integer> parts(int type) {
        List<Integer> parts = new ArrayList<>();
        for (int rest = type; rest != 0; rest >>>= BITS_OF_A_PART) {
            parts.addFirst(rest & (1 << BITS_OF_A_PART) - 1);
        }
        return parts;
    }

    /** Returns a key or data as text, for example "10.96.0.10 . 80". */
    static String value(int type, Bytes bytes) {
        List<Integer> parts = parts(type);
        if (parts.size() <= 1) {
            return single(type, bytes);
        }
        List<String> texts = new ArrayList<>();
        int at = 0;
        for (int part : parts) {
            int length = length(part);
            texts.add(single(part, bytes.part(at, length)));
            at += length + WORD - 1 & -WORD;
        }
        return String.join(" . ", texts);
    }

    private static int length(int type) {
        return switch (type) {
            case IPV6, INTERFACE -> NAME;
            case PROTOCOL, 2, 14, 15, 16, 17, 29, 32, 33 -> 1;
            case PORT, 10, 11, 21 -> 2;
            default -> WORD;
        };
    }

    static String single(int type, Bytes bytes) {
        return switch (type) {
            case IPV4 -> bytes.ip(0, 4).text();
            case IPV6 -> bytes.ip(0, 16).text();
            case PROTOCOL -> protocol(bytes.u8(0));
            case PORT -> Integer.toString(bytes.u16(0));
            case MARK -> String.format("0x%08x", bytes.u32Host(0));
            case INTEGER -> Integer.toUnsignedString(bytes.u32Host(0));
            case CT_STATE -> states(bytes.u32Host(0));
            case CT_STATUS -> flags(STATUSES, bytes.u32Host(0));
            case ADDRESS_KIND -> word(ADDRESS_KINDS, bytes.u32Host(0));
            case INTERFACE -> '"' + bytes.text() + (bytes.length() < NAME ? "*" : "") + '"';
            default -> bytes.hex();
        };
    }

    private static String protocol(int number) {
        Protocol protocol = Protocols.byNumber(number);
        return protocol == null ? Integer.toString(number) : protocol.text();
    }

    private static String states(int bits) {
        String known = flags(STATES, bits & ~(1 << UNTRACKED));
        if ((bits & 1 << UNTRACKED) == 0) {
            return known;
        }
        return bits == 1 << UNTRACKED ? "untracked" : known + ",untracked";
    }

    private static String flags(String[] words, int bits) {
        List<String> set = new ArrayList<>();
        for (int i = 0; i < words.length; i++) {
            if ((bits & 1 << i) != 0) {
                set.add(words[i]);
            }
        }
        boolean known = bits >>> words.length == 0 && bits != 0;
        return known ? String.join(",", set) : "0x" + Integer.toHexString(bits);
    }

    private static String word(String[] words, int number) {
        return number >= 0 && number < words.length ? words[number] : Integer.toUnsignedString(number);
    }
}
