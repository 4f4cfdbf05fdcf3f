package io.fairlead.agent.conntrack;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Ipv4;
import io.fairlead.core.net.Ipv6;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes requests to conntrack, one after the other, as {@link MessageReader} reads them. Headers and lengths are in
 * the machine's byte order; addresses, ports and identities in network order.
 */
final class MessageWriter {
    private final ByteBuffer out;

    /** Writes into a buffer of at least {@link #LONGEST} free bytes for each message. */
    MessageWriter(ByteBuffer out) {
        this.out = out.order(ByteOrder.nativeOrder());
    }

    /** No message takes more bytes. */
    static final int LONGEST = 128;

    /**
     * Asks for all flows of one family. That only those of UDP are wanted is understood by Linux 5.8 and later; an
     * older kernel does not know the attribute, passes over it and sends those of other protocols too.
     */
    void dump(IpFamily family, int sequence) {
        int message = begin(Wire.GET, Wire.NLM_F_REQUEST | Wire.NLM_F_DUMP, sequence, family);
        int tuple = beginNested(Wire.CTA_TUPLE_ORIG);
        int protocol = beginNested(Wire.CTA_TUPLE_PROTO);
        attribute(Wire.CTA_PROTO_NUM, Wire.UDP);
        endNested(protocol);
        endNested(tuple);
        int filter = beginNested(Wire.CTA_FILTER);
        header(Wire.CTA_FILTER_ORIG_FLAGS, Integer.BYTES);
        out.putInt(Wire.FILTER_BY_PROTO_NUM);
        endNested(filter);
        end(message);
    }

    /**
     * Asks to remove one flow and to be told what came of it. The tuple is always there: a removal without one empties
     * the whole table.
     */
    void delete(UdpFlow flow, int sequence) {
        int message = begin(Wire.DELETE, Wire.NLM_F_REQUEST | Wire.NLM_F_ACK, sequence, flow.family());
        int tuple = beginNested(Wire.CTA_TUPLE_ORIG);
        int addresses = beginNested(Wire.CTA_TUPLE_IP);
        attribute(sourceType(flow.source()), flow.source());
        attribute(destinationType(flow.destination()), flow.destination());
        endNested(addresses);
        int protocol = beginNested(Wire.CTA_TUPLE_PROTO);
        attribute(Wire.CTA_PROTO_NUM, Wire.UDP);
        attribute(Wire.CTA_PROTO_SRC_PORT, (short) flow.sourcePort());
        attribute(Wire.CTA_PROTO_DST_PORT, (short) flow.destinationPort());
        endNested(protocol);
        endNested(tuple);
        header(Wire.CTA_ID, Integer.BYTES);
        networkInt(flow.id());
        end(message);
    }

    private int begin(int type, int flags, int sequence, IpFamily family) {
        int start = out.position();
        out.putInt(0)
                .putShort((short) (Wire.SUBSYSTEM << 8 | type))
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(0);
        out.put((byte) Wire.family(family)).put((byte) 0).putShort((short) 0);
        return start;
    }

    private void end(int start) {
        out.putInt(start, out.position() - start);
    }

    private int beginNested(int type) {
        int start = out.position();
        header(type | Wire.NESTED, 0);
        return start;
    }

    private void endNested(int start) {
        out.putShort(start, (short) (out.position() - start));
    }

    private void attribute(int type, byte value) {
        header(type, 1);
        out.put(value).put((byte) 0).putShort((short) 0);
    }

    private void attribute(int type, short value) {
        header(type, Short.BYTES);
        out.put((byte) (value >>> 8)).put((byte) value).putShort((short) 0);
    }

    private void attribute(int type, Ip value) {
        header(type, value.family().bits() / Byte.SIZE);
        switch (value) {
            case Ipv4(int bits) -> networkInt(bits);
            case Ipv6(long high, long low) -> {
                networkInt((int) (high >>> 32));
                networkInt((int) high);
                networkInt((int) (low >>> 32));
                networkInt((int) low);
            }
        }
    }

    private void header(int type, int valueLength) {
        out.putShort((short) (Wire.ATTRIBUTE_HEADER + valueLength)).putShort((short) type);
    }

    private void networkInt(int value) {
        out.putInt(out.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value));
    }

    private static int sourceType(Ip ip) {
        return switch (ip) {
            case Ipv4 _ -> Wire.CTA_IP_V4_SRC;
            case Ipv6 _ -> Wire.CTA_IP_V6_SRC;
        };
    }

    private static int destinationType(Ip ip) {
        return switch (ip) {
            case Ipv4 _ -> Wire.CTA_IP_V4_DST;
            case Ipv6 _ -> Wire.CTA_IP_V6_DST;
        };
    }
}
