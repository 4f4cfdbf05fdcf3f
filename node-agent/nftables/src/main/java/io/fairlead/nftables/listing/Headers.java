package io.fairlead.nftables.listing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of packet headers, with nft's names and the numbers of their types. Offsets and lengths are in bits. */
final class Headers {
    static final int LINK = 0;
    static final int NETWORK = 1;
    static final int TRANSPORT = 2;

    static final int IPV4 = 0x0800;
    static final int ARP = 0x0806;
    static final int VLAN = 0x8100;
    static final int IPV6 = 0x86dd;

    /** A field of a header. */
    record Field(String name, int offset, int length, int type) {}

    private static final List<Field> ETHER = fields("ether daddr 0 48 9, saddr 48 48 9, type 96 16 10");
    private static final List<Field> VLAN_TAG = fields("vlan pcp 112 3 4, dei 115 1 4, id 116 12 4, type 128 16 10");
    private static final Map<Integer, List<Field>> NETWORKS = Map.of(
            IPV4,
            fields(
                    "ip version 0 4 4, hdrlength 4 4 4, dscp 8 6 36, ecn 14 2 37, length 16 16 4, id 32 16 4,"
                            + " frag-off 48 16 4, ttl 64 8 4, protocol 72 8 12, checksum 80 16 4, saddr 96 32 7, daddr 128 32 7"),
            IPV6,
            fields("ip6 version 0 4 4, dscp 4 6 36, ecn 10 2 37, flowlabel 12 20 4, length 32 16 4, nexthdr 48 8 12,"
                    + " hoplimit 56 8 4, saddr 64 128 8, daddr 192 128 8"),
            ARP,
            fields("arp htype 0 16 4, ptype 16 16 10, hlen 32 8 4, plen 40 8 4, operation 48 16 11,"
                    + " saddr_ether 64 48 9, saddr_ip 112 32 7, daddr_ether 144 48 9, daddr_ip 192 32 7"));
    private static final Map<Integer, List<Field>> TRANSPORTS = new HashMap<>();
    private static final List<Field> ANY = fields("th sport 0 16 13, dport 16 16 13");

    static {
        TRANSPORTS.put(
                1,
                fields("icmp type 0 8 14, code 8 8 32, checksum 16 16 4, id 32 16 4, sequence 48 16 4,"
                        + " gateway 32 32 4, mtu 48 16 4"));
        TRANSPORTS.put(2, fields("igmp type 0 8 42, mrt 8 8 4, checksum 16 16 4, group 32 32 7"));
        TRANSPORTS.put(
                6,
                fields("tcp sport 0 16 13, dport 16 16 13, sequence 32 32 4, ackseq 64 32 4, doff 96 4 4,"
                        + " reserved 100 4 4, flags 104 8 15, window 112 16 4, checksum 128 16 4, urgptr 144 16 4"));
        TRANSPORTS.put(17, fields("udp sport 0 16 13, dport 16 16 13, length 32 16 4, checksum 48 16 4"));
        TRANSPORTS.put(33, fields("dccp sport 0 16 13, dport 16 16 13, type 67 4 16"));
        TRANSPORTS.put(50, fields("esp spi 0 32 4, sequence 32 32 4"));
        TRANSPORTS.put(
                51, fields("ah nexthdr 0 8 12, hdrlength 8 8 4, reserved 16 16 4, spi 32 32 4, sequence 64 32 4"));
        TRANSPORTS.put(
                58,
                fields("icmpv6 type 0 8 29, code 8 8 33, checksum 16 16 4, id 32 16 4, sequence 48 16 4,"
                        + " parameter-problem 32 32 4, max-delay 32 16 4"));
        TRANSPORTS.put(108, fields("comp nexthdr 0 8 12, flags 8 8 4, cpi 16 16 4"));
        TRANSPORTS.put(132, fields("sctp sport 0 16 13, dport 16 16 13, vtag 32 32 4, checksum 64 32 4"));
        TRANSPORTS.put(136, fields("udplite sport 0 16 13, dport 16 16 13, checksum 48 16 4"));
    }

    private Headers() {}

    private static List<Field> fields(String text) {
        List<Field> fields = new ArrayList<>();
        String header = text.substring(0, text.indexOf(' '));
        for (String each : text.substring(header.length() + 1).split(", ?", -1)) {
            String[] words = each.split(" ", -1);
            fields.add(new Field(
                    header + " " + words[0].replace('_', ' '),
                    Integer.parseInt(words[1]),
                    Integer.parseInt(words[2]),
                    Integer.parseInt(words[3])));
        }
        return List.copyOf(fields);
    }

    /**
     * Returns the fields of the header from which an expression reads bytes; an empty list if the header is not known.
     *
     * @param base the kernel's number for the header: {@link #LINK}, {@link #NETWORK} or {@link #TRANSPORT}
     * @param network the EtherType of the network protocol; 0 if the rule has not matched it
     * @param transport the number of the transport protocol; -1 if the rule has not matched it
     * @param vlan whether the rule has matched the EtherType of a VLAN tag
     */
    static List<Field> at(int base, int network, int transport, boolean vlan) {
        return switch (base) {
            case LINK -> {
                List<Field> fields = new ArrayList<>(ETHER);
                if (vlan) {
                    fields.addAll(VLAN_TAG);
                }
                yield fields;
            }
            case NETWORK -> NETWORKS.getOrDefault(network, List.of());
            case TRANSPORT -> transport < 0 ? ANY : TRANSPORTS.getOrDefault(transport, ANY);
            default -> List.of();
        };
    }

    /** Returns the field that begins at a bit and has this length; null if there is none. */
    static @Nullable Field find(List<Field> fields, int offset, int length) {
        for (Field field : fields) {
            if (field.offset() == offset && field.length() == length) {
                return field;
            }
        }
        return null;
    }
}
