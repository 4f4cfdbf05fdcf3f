package io.fairlead.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the messages of a datagram without copying them. For malformed bytes it throws {@link
 * MalformedMessageException} and no other exception. A reader can be used for many datagrams: after the next datagram
 * has arrived in the same buffer, call {@link #rewind}.
 */
public final class MessageReader {
    private static final int TYPE = 4;
    private static final int FLAGS = 6;
    private static final int SEQUENCE = 8;
    private static final int PORT = 12;

    private final ByteBuffer in;
    private int start;
    private int end;

    /** Creates a reader of the bytes from offset 0 to the limit of a buffer. */
    public MessageReader(ByteBuffer in) {
        this.in = in.order(ByteOrder.nativeOrder());
    }

    /** Moves back to the position before the first message. */
    public MessageReader rewind() {
        start = 0;
        end = 0;
        return this;
    }

    /**
     * Moves to the next message; returns false after the last one.
     *
     * @throws MalformedMessageException if the following bytes are not a message
     */
    public boolean next() {
        int at = Netlink.aligned(end);
        if (at >= in.limit()) {
            start = end;
            return false;
        }
        if (in.limit() - at < Netlink.HEADER) {
            throw new MalformedMessageException("header of " + (in.limit() - at) + " bytes");
        }
        int length = in.getInt(at);
        if (length < Netlink.HEADER || length > in.limit() - at) {
            throw new MalformedMessageException("message length " + length);
        }
        start = at;
        end = at + length;
        return true;
    }

    /** Returns the type. */
    public int type() {
        return in.getShort(current() + TYPE) & 0xffff;
    }

    /** Returns the flags, a combination of NLM_F_*. */
    public int flags() {
        return in.getShort(current() + FLAGS) & 0xffff;
    }

    /** Returns whether the message has a flag. */
    public boolean has(int flag) {
        return (flags() & flag) != 0;
    }

    /** Returns the sequence number. An answer has the sequence number of its request. */
    public int sequence() {
        return in.getInt(current() + SEQUENCE);
    }

    /** Returns the netlink port of the socket that caused the message; 0 for the kernel. */
    public int port() {
        return in.getInt(current() + PORT);
    }

    /**
     * Returns whether the message ends a dump or acknowledges a request. Such a message has an {@link
     * #acknowledgement}.
     */
    public boolean isLast() {
        int type = type();
        return type == Netlink.NLMSG_DONE || type == Netlink.NLMSG_ERROR;
    }

    /** Returns the first byte after the header. In a message of netfilter, this byte is the address family. */
    public int family() {
        require(1);
        return in.get(start + Netlink.HEADER) & 0xff;
    }

    /** Returns the signed number of 32 bits at an offset of the protocol's header, in the machine's byte order. */
    public int headerU32Host(int offset) {
        require(offset + Integer.BYTES);
        return in.getInt(start + Netlink.HEADER + offset);
    }

    /** Returns the attributes of a message of netfilter. */
    public Attributes netfilterAttributes() {
        return attributes(Netlink.NETFILTER_HEADER);
    }

    /**
     * Returns the attributes of the message.
     *
     * @param header the length in bytes of the protocol's header, which precedes the attributes
     */
    public Attributes attributes(int header) {
        require(header);
        return new Attributes(in, start + Netlink.HEADER + Netlink.aligned(header), end);
    }

    /**
     * Returns the answer of the kernel to a request.
     *
     * @throws MalformedMessageException if the message is not an acknowledgement, or is malformed
     */
    public Acknowledgement acknowledgement() {
        if (type() == Netlink.NLMSG_DONE) {
            // Kernels before 4.14 end some dumps with a message that has no error number.
            return end - start < Netlink.HEADER + Integer.BYTES
                    ? new Acknowledgement(sequence(), 0, "", 0)
                    : acknowledgement(Netlink.HEADER + Integer.BYTES);
        }
        if (type() != Netlink.NLMSG_ERROR) {
            throw new MalformedMessageException("type " + type() + " is no acknowledgement");
        }
        require(Integer.BYTES + Netlink.HEADER);
        int request = in.getInt(start + Netlink.HEADER + Integer.BYTES);
        if (!has(Netlink.NLM_F_ACK_TLVS)) {
            return new Acknowledgement(sequence(), errno(), "", 0);
        }
        if (has(Netlink.NLM_F_CAPPED)) {
            return acknowledgement(Netlink.HEADER + Integer.BYTES + Netlink.HEADER);
        }
        if (request < Netlink.HEADER || request > end - start - Netlink.HEADER - Integer.BYTES) {
            throw new MalformedMessageException("acknowledgement of a request of " + request + " bytes");
        }
        return acknowledgement(Netlink.HEADER + Integer.BYTES + Netlink.aligned(request));
    }

    private Acknowledgement acknowledgement(int attributesFrom) {
        String message = "";
        int offset = 0;
        if (has(Netlink.NLM_F_ACK_TLVS) && attributesFrom < end - start) {
            Attributes attributes = new Attributes(in, start + attributesFrom, end);
            while (attributes.next()) {
                switch (attributes.type()) {
                    case Netlink.NLMSGERR_ATTR_MSG -> message = attributes.string();
                    case Netlink.NLMSGERR_ATTR_OFFS -> offset = attributes.u32Host();
                    default -> {}
                }
            }
        }
        return new Acknowledgement(sequence(), errno(), message, offset);
    }

    private int errno() {
        return -in.getInt(start + Netlink.HEADER);
    }

    private int current() {
        if (start == end) {
            throw new IllegalStateException(
                    "the reader is not at a netlink message: next() was not called or returned false");
        }
        return start;
    }

    private void require(int payload) {
        if (end - current() < Netlink.HEADER + payload) {
            throw new MalformedMessageException("payload of " + (end - start - Netlink.HEADER) + " bytes");
        }
    }
}
