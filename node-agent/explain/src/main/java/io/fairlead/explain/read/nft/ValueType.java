package io.fairlead.explain.read.nft;

import io.fairlead.explain.model.Expression.Field;
import java.util.Locale;
import java.util.Map;

/** The types of values that the readers know. All other types are {@link #OTHER}. */
enum ValueType {
    ADDRESS,
    PORT,
    PROTOCOL,
    FAMILY,
    NUMBER,
    NAME,
    CONNECTION_STATE,
    CONNECTION_STATUS,
    DIRECTION,
    ADDRESS_TYPE,
    TCP_FLAGS,
    PACKET_TYPE,
    /** The type of "exists" and "missing". */
    EXISTENCE,
    OTHER;

    private static final Map<String, ValueType> BY_NAME = Map.ofEntries(
            Map.entry("ipv4_addr", ADDRESS),
            Map.entry("ipv6_addr", ADDRESS),
            Map.entry("inet_service", PORT),
            Map.entry("inet_proto", PROTOCOL),
            Map.entry("nf_proto", FAMILY),
            Map.entry("mark", NUMBER),
            Map.entry("integer", NUMBER),
            Map.entry("ifname", NAME),
            Map.entry("iface_index", NAME),
            Map.entry("ct_state", CONNECTION_STATE),
            Map.entry("ct_status", CONNECTION_STATUS),
            Map.entry("ct_dir", DIRECTION),
            Map.entry("fib_addrtype", ADDRESS_TYPE),
            Map.entry("tcp_flag", TCP_FLAGS),
            Map.entry("pkt_type", PACKET_TYPE));

    static ValueType named(String name) {
        return BY_NAME.getOrDefault(name.toLowerCase(Locale.ROOT), OTHER);
    }

    static ValueType of(Field field) {
        return switch (field.kind()) {
            case SOURCE, DESTINATION, ORIGINAL_SOURCE, ORIGINAL_DESTINATION -> ADDRESS;
            case SOURCE_PORT, DESTINATION_PORT, ORIGINAL_DESTINATION_PORT -> PORT;
            case PROTOCOL -> PROTOCOL;
            case FAMILY -> FAMILY;
            case INPUT_INTERFACE, OUTPUT_INTERFACE -> NAME;
            case MARK, CONNECTION_MARK -> NUMBER;
            case SOURCE_ROUTE_EXISTS -> EXISTENCE;
            case PACKET_TYPE -> PACKET_TYPE;
            case CONNECTION_STATE -> CONNECTION_STATE;
            case CONNECTION_STATUS -> CONNECTION_STATUS;
            case CONNECTION_DIRECTION -> DIRECTION;
            case SOURCE_TYPE, DESTINATION_TYPE -> ADDRESS_TYPE;
            case TCP_FLAGS -> TCP_FLAGS;
        };
    }

    /**
     * Returns whether values of this type are sets of bits. For them, a comparison without an operator checks whether
     * at least one bit is set.
     */
    boolean isBits() {
        return this == CONNECTION_STATE || this == CONNECTION_STATUS || this == TCP_FLAGS;
    }
}
