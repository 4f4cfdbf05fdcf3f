package io.fairlead.agent.conntrack;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Ipv4;
import io.fairlead.core.net.Ipv6;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Reads what conntrack answers, message by message, from one datagram. Passes over attributes it has no use for. */
final class MessageReader {
    private final ByteBuffer in;
    private int start;
    private int end;

    /** Reads a buffer from 0 to its limit. */
    MessageReader(ByteBuffer in) {
        this.in = in.order(ByteOrder.nativeOrder());
    }

    /**
     * Goes to the next message; false after the last one.
     *
     * @throws ConntrackException if what follows is no message
     */
    boolean next() {
        start = aligned(end);
        if (start >= in.limit()) {
            return false;
        }
        if (in.limit() - start < Wire.MESSAGE_HEADER) {
            throw malformed("message header");
        }
        int length = in.getInt(start);
        if (length < Wire.MESSAGE_HEADER || length > in.limit() - start) {
            throw malformed("message length " + length);
        }
        end = start + length;
        return true;
    }

    /** The number that the request had. */
    int sequence() {
        return in.getInt(start + 8);
    }

    /** Whether this ends a dump, or says what came of a request; then there is an {@link #error}. */
    boolean last() {
        int type = type();
        return type == Wire.NLMSG_DONE || type == Wire.NLMSG_ERROR;
    }

    /** 0 for success, or an error number. */
    int error() {
        return end - start < Wire.MESSAGE_HEADER + Integer.BYTES ? 0 : -in.getInt(start + Wire.MESSAGE_HEADER);
    }

    /**
     * The flow that is shown; null if it is not of UDP, or in another zone than the default one: there it belongs to
     * somebody else's tables.
     *
     * @throws ConntrackException if a part is missing or out of shape
     */
    @Nullable
    UdpFlow flow() {
        if (type() != (Wire.SUBSYSTEM << 8 | Wire.NEW)) {
            return null;
        }
        Tuple original = null;
        Tuple reply = null;
        int id = 0;
        boolean defaultZone = true;
        Attributes attributes = new Attributes(start + Wire.MESSAGE_HEADER + Wire.NETFILTER_HEADER, end);
        while (attributes.next()) {
            switch (attributes.type()) {
                case Wire.CTA_TUPLE_ORIG -> original = tuple(attributes.nested());
                case Wire.CTA_TUPLE_REPLY -> reply = tuple(attributes.nested());
                case Wire.CTA_ID -> id = attributes.networkInt(0);
                case Wire.CTA_ZONE -> defaultZone = false;
                default -> {}
            }
        }
        if (original == null || reply == null) {
            throw malformed("flow without a tuple");
        }
        return original.ours() && reply.ours() && defaultZone ? flow(original, reply, id) : null;
    }

    private static UdpFlow flow(Tuple original, Tuple reply, int id) {
        return new UdpFlow(
                original.source(),
                original.sourcePort,
                original.destination(),
                original.destinationPort,
                reply.source(),
                reply.sourcePort,
                id);
    }

    private Tuple tuple(Attributes attributes) {
        Tuple tuple = new Tuple();
        while (attributes.next()) {
            switch (attributes.type()) {
                case Wire.CTA_TUPLE_IP -> addresses(attributes.nested(), tuple);
                case Wire.CTA_TUPLE_PROTO -> ports(attributes.nested(), tuple);
                case Wire.CTA_TUPLE_ZONE -> tuple.defaultZone = false;
                default -> {}
            }
        }
        return tuple;
    }

    private static void addresses(Attributes attributes, Tuple tuple) {
        while (attributes.next()) {
            switch (attributes.type()) {
                case Wire.CTA_IP_V4_SRC -> tuple.source = attributes.ipv4();
                case Wire.CTA_IP_V4_DST -> tuple.destination = attributes.ipv4();
                case Wire.CTA_IP_V6_SRC -> tuple.source = attributes.ipv6();
                case Wire.CTA_IP_V6_DST -> tuple.destination = attributes.ipv6();
                default -> {}
            }
        }
    }

    private static void ports(Attributes attributes, Tuple tuple) {
        while (attributes.next()) {
            switch (attributes.type()) {
                case Wire.CTA_PROTO_NUM -> tuple.protocol = attributes.oneByte();
                case Wire.CTA_PROTO_SRC_PORT -> tuple.sourcePort = attributes.port();
                case Wire.CTA_PROTO_DST_PORT -> tuple.destinationPort = attributes.port();
                default -> {}
            }
        }
    }

    private int type() {
        return in.getShort(start + 4) & 0xffff;
    }

    private static int aligned(int offset) {
        return (offset + 3) & ~3;
    }

    private static ConntrackException malformed(String what) {
        return new ConntrackException("cannot understand netfilter: " + what);
    }

    /** Addresses and ports of one direction. */
    private static final class Tuple {
        private @Nullable Ip source;
        private @Nullable Ip destination;
        private int protocol;
        private int sourcePort;
        private int destinationPort;
        private boolean defaultZone = true;

        boolean ours() {
            return protocol == Wire.UDP && defaultZone;
        }

        Ip source() {
            return present(source);
        }

        Ip destination() {
            return present(destination);
        }

        private static Ip present(@Nullable Ip ip) {
            if (ip == null) {
                throw malformed("tuple without an address");
            }
            return ip;
        }
    }

    /** Goes through the attributes between two offsets. */
    private final class Attributes {
        private final int limit;
        private int at;
        private int valueEnd;

        private Attributes(int from, int limit) {
            this.valueEnd = from;
            this.limit = limit;
        }

        boolean next() {
            at = aligned(valueEnd);
            if (at + Wire.ATTRIBUTE_HEADER > limit) {
                return false;
            }
            int length = in.getShort(at) & 0xffff;
            if (length < Wire.ATTRIBUTE_HEADER || length > limit - at) {
                throw malformed("attribute length " + length);
            }
            valueEnd = at + length;
            return true;
        }

        int type() {
            return in.getShort(at + 2) & Wire.TYPE_MASK;
        }

        Attributes nested() {
            return new Attributes(at + Wire.ATTRIBUTE_HEADER, valueEnd);
        }

        int oneByte() {
            return in.get(value(1)) & 0xff;
        }

        int port() {
            int value = value(Short.BYTES);
            return (in.get(value) & 0xff) << 8 | (in.get(value + 1) & 0xff);
        }

        Ipv4 ipv4() {
            return new Ipv4(networkInt(0));
        }

        Ipv6 ipv6() {
            return new Ipv6(networkLong(0), networkLong(Long.BYTES));
        }

        int networkInt(int offset) {
            int number = in.getInt(value(offset + Integer.BYTES) + offset);
            return in.order() == ByteOrder.BIG_ENDIAN ? number : Integer.reverseBytes(number);
        }

        private long networkLong(int offset) {
            return (long) networkInt(offset) << 32 | (networkInt(offset + Integer.BYTES) & 0xffff_ffffL);
        }

        /** Where the value begins, after a look whether it has that many bytes. */
        private int value(int length) {
            if (valueEnd - at - Wire.ATTRIBUTE_HEADER < length) {
                throw malformed("attribute " + type() + " is too short");
            }
            return at + Wire.ATTRIBUTE_HEADER;
        }
    }
}
