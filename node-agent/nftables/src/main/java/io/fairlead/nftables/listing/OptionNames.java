package io.fairlead.nftables.listing;

import java.util.Map;

/** The names of extension headers and of options in packets, and of their fields. */
final class OptionNames {
    private static final int IPV6 = 0;
    private static final int TCP = 1;
    private static final int IPV4 = 2;
    private static final Map<Integer, String> HEADERS =
            Map.of(0, "hbh", 43, "rt", 44, "frag", 60, "dst", 135, "mh", 51, "auth");
    private static final String[] FIELDS_OF_HEADERS = {"nexthdr", "hdrlength", "type", "seg-left"};
    private static final Map<Integer, String> TCP_OPTIONS =
            Map.of(0, "eol", 1, "nop", 2, "maxseg", 3, "window", 4, "sack-perm", 5, "sack", 8, "timestamp");
    private static final Map<Integer, String> IP_OPTIONS = Map.of(7, "rr", 131, "lsrr", 137, "ssrr", 148, "ra");

    private OptionNames() {}

    /**
     * Returns the text of a field, or of the presence of a header or option, for example "tcp option maxseg size".
     *
     * @param operation one of NFT_EXTHDR_OP_*
     * @param type the number of the header or option
     * @param offset the place of the field in bytes
     * @param exists whether only the presence matters
     */
    static String of(int operation, int type, int offset, boolean exists) {
        return switch (operation) {
            case IPV6 -> {
                String name = HEADERS.getOrDefault(type, "exthdr" + type);
                yield exists ? "exthdr " + name : name + " " + fieldOfHeader(name, offset);
            }
            case TCP ->
                "tcp option " + TCP_OPTIONS.getOrDefault(type, Integer.toString(type))
                        + (exists ? "" : " " + fieldOfTcp(type, offset));
            case IPV4 ->
                "ip option " + IP_OPTIONS.getOrDefault(type, Integer.toString(type))
                        + (exists
                                ? ""
                                : " " + field(offset, offset == 2 ? type == 148 ? "value" : "ptr" : "field" + offset));
            default -> "exthdr " + operation + "-" + type + (exists ? "" : "-field" + offset);
        };
    }

    private static String fieldOfHeader(String name, int offset) {
        if (name.equals("frag")) {
            return offset == 4 ? "id" : offset == 0 ? "nexthdr" : "field" + offset;
        }
        return offset >= 0 && offset < FIELDS_OF_HEADERS.length ? FIELDS_OF_HEADERS[offset] : "field" + offset;
    }

    private static String fieldOfTcp(int type, int offset) {
        return field(
                offset,
                switch (type) {
                    case 2 -> "size";
                    case 3 -> "count";
                    case 8 -> offset == 6 ? "tsecr" : "tsval";
                    default -> "field" + offset;
                });
    }

    private static String field(int offset, String other) {
        return offset == 0 ? "kind" : offset == 1 ? "length" : other;
    }
}
