package io.fairlead.nftables.listing;

import io.fairlead.nftables.read.Bytes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes constants of nft's types as nft 1.0.6 lists them. */
final class Words {
    static final int FAMILY = 2;
    static final int INTEGER = 4;
    static final int STRING = 5;
    static final int IPV4 = 7;
    static final int IPV6 = 8;
    static final int ETHER = 9;
    static final int ETHER_TYPE = 10;
    static final int ARP_OPERATION = 11;
    static final int PROTOCOL = 12;
    static final int PORT = 13;
    static final int ICMP_TYPE = 14;
    static final int TCP_FLAG = 15;
    static final int TIME = 18;
    static final int MARK = 19;
    static final int INTERFACE_INDEX = 20;
    static final int CLASS = 23;
    static final int USER = 24;
    static final int GROUP = 25;
    static final int CT_STATE = 26;
    static final int CT_DIRECTION = 27;
    static final int CT_STATUS = 28;
    static final int ICMPV6_TYPE = 29;
    static final int PACKET_TYPE = 31;
    private static final int ICMP_CODE = 32;
    private static final int ICMPV6_CODE = 33;
    private static final int ICMPX_CODE = 34;
    static final int DSCP = 36;
    private static final int ECN_BITS = 37;
    static final int ADDRESS_KIND = 38;
    static final int EXISTENCE = 39;
    static final int INTERFACE_NAME = 41;
    static final int HOUR = 44;

    private static final int NAME = 16;
    private static final int BITS_OF_A_PART = 6;

    private static final String[] TYPES = ("invalid verdict nf_proto bitmask integer string ll_addr ipv4_addr ipv6_addr"
                    + " ether_addr ether_type arp_op inet_proto inet_service icmp_type tcp_flag dccp_pkttype mh_type"
                    + " time mark iface_index iface_type realm classid uid gid ct_state ct_dir ct_status icmpv6_type"
                    + " ct_label pkt_type icmp_code icmpv6_code icmpx_code devgroup dscp ecn fib_addrtype boolean"
                    + " ct_event ifname igmp_type time hour day cgroupsv2")
            .split(" ");

    private static final Map<Integer, String> PROTOCOLS =
            names("1 icmp,2 igmp,6 tcp,17 udp,33 dccp,47 gre,50 esp,51 ah,"
                    + "58 ipv6-icmp,89 ospf,94 ipip,103 pim,112 vrrp,115 l2tp,132 sctp,136 udplite");
    private static final Map<Integer, String> ETHER_TYPES =
            names("2048 ip,2054 arp,34525 ip6,33024 8021q,34984 8021ad");
    private static final Map<Integer, String> ARP_OPERATIONS =
            names("1 request,2 reply,3 rrequest,4 rreply,8 inrequest,9 inreply,10 nak");
    private static final Map<Integer, String> ICMP_TYPES = names("0 echo-reply,3 destination-unreachable,"
            + "4 source-quench,5 redirect,8 echo-request,9 router-advertisement,10 router-solicitation,"
            + "11 time-exceeded,12 parameter-problem,13 timestamp-request,14 timestamp-reply,"
            + "17 address-mask-request,18 address-mask-reply");
    private static final Map<Integer, String> ICMPV6_TYPES = names("1 destination-unreachable,2 packet-too-big,"
            + "3 time-exceeded,4 parameter-problem,128 echo-request,129 echo-reply,130 mld-listener-query,"
            + "131 mld-listener-report,132 mld-listener-done,133 nd-router-solicit,134 nd-router-advert,"
            + "135 nd-neighbor-solicit,136 nd-neighbor-advert,137 nd-redirect,138 router-renumbering,"
            + "143 mld2-listener-report");
    private static final String[] STATES = {"invalid", "established", "related", "new", "", "", "untracked"};
    private static final String[] STATUSES = {
        "expected", "seen-reply", "assured", "confirmed", "snat", "dnat", "", "", "", "dying"
    };
    private static final String[] TCP_FLAGS = {"fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr"};
    private static final String[] ADDRESS_KINDS = {
        "unspec", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit"
    };
    private static final String[] PACKET_TYPES = {"host", "broadcast", "multicast", "other"};

    private static final String[] ICMP_CODES = {
        "net-unreachable",
        "host-unreachable",
        "prot-unreachable",
        "port-unreachable",
        "",
        "",
        "",
        "",
        "",
        "net-prohibited",
        "host-prohibited",
        "",
        "",
        "admin-prohibited"
    };
    private static final String[] ICMPV6_CODES = {
        "no-route", "admin-prohibited", "", "addr-unreachable", "port-unreachable", "policy-fail", "reject-route"
    };
    private static final String[] ICMPX_CODES = {"no-route", "port-unreachable", "host-unreachable", "admin-prohibited"
    };
    private static final String[] ECN = {"not-ect", "ect1", "ect0", "ce"};

    private final IntFunction<String> interfaces;

    /**
     * Creates an instance.
     *
     * @param interfaces returns the name of the interface with an index; "" if there is none
     */
    Words(IntFunction<String> interfaces) {
        this.interfaces = interfaces;
    }

    private static Map<Integer, String> names(String text) {
        return Stream.of(text.split(",", -1))
                .map(each -> each.split(" ", -1))
                .collect(Collectors.toUnmodifiableMap(words -> Integer.valueOf(words[0]), words -> words[1]));
    }

    /** Returns the numbers of the types of which a concatenation consists. */
    static List<Integer> parts(int type) {
        List<Integer> parts = new ArrayList<>();
        for (int rest = type; rest != 0; rest >>>= BITS_OF_A_PART) {
            parts.addFirst(rest & (1 << BITS_OF_A_PART) - 1);
        }
        return parts;
    }

    /** Returns the name of a type, for example "ipv4_addr . inet_service". */
    static String type(int type) {
        return parts(type).stream()
                .map(part -> part < TYPES.length ? TYPES[part] : "[type-" + part + "]")
                .collect(Collectors.joining(" . "));
    }

    /** Returns the length in bytes of a value with this type; 0 if values of this type have different lengths. */
    static int length(int type) {
        return switch (type) {
            case FAMILY,
                    PROTOCOL,
                    ICMP_TYPE,
                    TCP_FLAG,
                    16,
                    17,
                    CT_DIRECTION,
                    ICMPV6_TYPE,
                    PACKET_TYPE,
                    ICMP_CODE,
                    ICMPV6_CODE,
                    ICMPX_CODE,
                    DSCP,
                    ECN_BITS,
                    EXISTENCE,
                    42,
                    45 -> 1;
            case ETHER_TYPE, ARP_OPERATION, PORT, 21 -> 2;
            case ETHER -> 6;
            case TIME, 43 -> 8;
            case IPV6, 30, INTERFACE_NAME -> NAME;
            case INTEGER, STRING, 3, 6 -> 0;
            default -> Integer.BYTES;
        };
    }

    /**
     * Returns the text of a constant.
     *
     * @param host whether a number is in the machine's byte order; otherwise it is in network byte order
     */
    String text(int type, Bytes bytes, boolean host) {
        long number = bytes.length() > Long.BYTES ? 0 : bytes.number(host);
        return switch (type) {
            case IPV4 -> bytes.ip(0, 4).text();
            case IPV6 -> bytes.ip(0, NAME).text();
            case ETHER -> HexFormat.ofDelimiter(":").formatHex(bytes.array());
            case FAMILY -> number == 2 ? "ipv4" : number == 10 ? "ipv6" : Long.toString(number);
            case PROTOCOL -> named(PROTOCOLS, number);
            case ETHER_TYPE -> ETHER_TYPES.getOrDefault((int) number, String.format("0x%04x", number));
            case ARP_OPERATION -> named(ARP_OPERATIONS, number);
            case ICMP_TYPE -> named(ICMP_TYPES, number);
            case ICMPV6_TYPE -> named(ICMPV6_TYPES, number);
            case MARK -> String.format("0x%08x", number);
            case TIME -> duration(number);
            case CLASS -> String.format("%x:%x", number >>> 16, number & 0xffff);
            case INTERFACE_INDEX -> interfaceName((int) number);
            case INTERFACE_NAME -> quoted(bytes.text() + (bytes.length() < NAME ? "*" : ""));
            case STRING -> quoted(bytes.text());
            case CT_STATE -> flags(STATES, number);
            case CT_STATUS -> flags(STATUSES, number);
            case TCP_FLAG -> flags(TCP_FLAGS, number);
            case CT_DIRECTION -> number == 0 ? "original" : number == 1 ? "reply" : Long.toString(number);
            case PACKET_TYPE -> word(PACKET_TYPES, number);
            case ADDRESS_KIND -> word(ADDRESS_KINDS, number);
            case EXISTENCE -> number == 0 ? "missing" : "exists";
            case DSCP -> dscp(number);
            case ECN_BITS -> word(ECN, number);
            case ICMP_CODE -> icmpCode((int) number);
            case ICMPV6_CODE -> icmpv6Code((int) number);
            case ICMPX_CODE -> icmpxCode((int) number);
            case HOUR -> String.format("\"%02d:%02d\"", number / 3_600, number / 60 % 60);
            default ->
                bytes.length() > Long.BYTES
                        ? "0x" + new BigInteger(1, bytes.array()).toString(16)
                        : Long.toUnsignedString(number);
        };
    }

    static String icmpCode(int code) {
        return code(ICMP_CODES, code);
    }

    static String icmpv6Code(int code) {
        return code(ICMPV6_CODES, code);
    }

    static String icmpxCode(int code) {
        return code(ICMPX_CODES, code);
    }

    private static String code(String[] words, int code) {
        return code >= 0 && code < words.length && !words[code].isEmpty() ? words[code] : Integer.toString(code);
    }

    private static String named(Map<Integer, String> names, long number) {
        return names.getOrDefault((int) number, Long.toString(number));
    }

    private static String word(String[] words, long number) {
        return number >= 0 && number < words.length ? words[(int) number] : Long.toString(number);
    }

    private String interfaceName(int index) {
        if (index == 0) {
            return "0";
        }
        String name = interfaces.apply(index);
        return name.isEmpty() ? "[interface-" + index + "]" : quoted(name);
    }

    private static String dscp(long number) {
        if (number == 46) {
            return "ef";
        }
        if (number % 8 == 0) {
            return "cs" + number / 8;
        }
        long high = number / 8;
        long low = number % 8 / 2;
        return number % 2 == 0 && high >= 1 && high <= 4 && low >= 1
                ? "af" + high + low
                : String.format("0x%02x", number);
    }

    /** Returns the names of bits, as a list with commas; a hexadecimal number if a bit has no name or no bit is set. */
    static String flags(String[] words, long bits) {
        List<String> set = new ArrayList<>();
        long named = 0;
        for (int i = 0; i < words.length; i++) {
            if ((bits & 1L << i) != 0 && !words[i].isEmpty()) {
                set.add(words[i]);
                named |= 1L << i;
            }
        }
        return named == bits && bits != 0 ? String.join(",", set) : "0x" + Long.toHexString(bits);
    }

    /** Returns whether the values of a type are sets of bits. */
    static boolean isFlags(int type) {
        return type == CT_STATE || type == CT_STATUS || type == TCP_FLAG;
    }

    /** Returns a text in quotation marks. nft has no way to write a quotation mark inside them. */
    static String quoted(String text) {
        StringBuilder clean = new StringBuilder(text.length() + 2).append('"');
        text.chars().forEach(c -> clean.append(c == '"' ? '\'' : Character.isISOControl(c) ? ' ' : (char) c));
        return clean.append('"').toString();
    }

    /** Returns a name as it is if nft can read it, else in quotation marks. */
    static String name(String name) {
        return name.matches("[A-Za-z0-9_][A-Za-z0-9_./\\\\-]*") ? name : quoted(name);
    }

    /** Returns a duration as nft lists it, for example "1d3h". */
    static String duration(long milliseconds) {
        StringBuilder text = new StringBuilder();
        long rest = milliseconds / 1_000;
        long[] seconds = {86_400, 3_600, 60, 1};
        String letters = "dhms";
        for (int i = 0; i < seconds.length; i++) {
            if (rest >= seconds[i]) {
                text.append(rest / seconds[i]).append(letters.charAt(i));
                rest %= seconds[i];
            }
        }
        if (milliseconds % 1_000 != 0) {
            text.append(milliseconds % 1_000).append("ms");
        }
        return text.isEmpty() ? "0s" : text.toString().toLowerCase(Locale.ROOT);
    }
}
