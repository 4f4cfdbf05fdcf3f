package io.fairlead.linux.netlink;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes netlink messages one after the other into a buffer that grows. Headers have the machine's byte order; values
 * of attributes have network order, which all of netfilter uses, unless the name of the method says host. No call
 * allocates, except when the buffer grows and for texts that are not ASCII.
 *
 * <p>A message is {@link #begin} or {@link #beginNetfilter}, attributes, {@link #end}. An attribute with attributes is
 * {@code int start = nested(type); ... close(start);}. An attribute with a value in several parts is
 * {@code int start = attribute(type); put32(...); ... close(start);}.
 */
public final class MessageWriter {
    private static final int NONE = -1;
    /** The longest array that every JVM allocates. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private ByteBuffer out;
    private int message = NONE;

    private MessageWriter(ByteBuffer out) {
        this.out = out.order(ByteOrder.nativeOrder());
    }

    /** Returns a writer into memory outside the heap, which a socket sends without a copy. */
    public static MessageWriter direct(int capacity) {
        return new MessageWriter(ByteBuffer.allocateDirect(capacity));
    }

    /** Returns a writer into memory on the heap. */
    public static MessageWriter onHeap(int capacity) {
        return new MessageWriter(ByteBuffer.allocate(capacity));
    }

    /** Discards all messages; the memory stays. */
    public MessageWriter clear() {
        out.clear();
        message = NONE;
        return this;
    }

    /** Discards all messages, and memory beyond this capacity. */
    public MessageWriter clear(int capacity) {
        if (out.capacity() > capacity) {
            out = allocate(capacity);
        }
        return clear();
    }

    /** Returns the number of bytes written. */
    public int size() {
        return out.position();
    }

    /** Discards what was written after the size was this, for example a message that does not fit into a batch. */
    public void truncate(int size) {
        if (size > out.position()) {
            throw new IllegalArgumentException("cannot truncate " + out.position() + " bytes to " + size);
        }
        out.position(size);
        message = NONE;
    }

    /** Returns the messages. The bytes are shared with this writer, and valid until its next call. */
    public ByteBuffer written() {
        if (message != NONE) {
            throw new IllegalStateException("a message is not ended");
        }
        return out.duplicate().flip().order(ByteOrder.nativeOrder());
    }

    /** Begins a message. */
    public void begin(int type, int flags, int sequence) {
        if (message != NONE) {
            throw new IllegalStateException("a message is not ended");
        }
        reserve(Netlink.HEADER);
        message = out.position();
        out.putInt(0)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(0);
    }

    /**
     * Begins a message of netfilter.
     *
     * @param type {@link Netlink#type}
     * @param family AF_INET, AF_INET6, NFPROTO_*; 0 for none
     * @param resource the subsystem at both ends of a batch, 0 otherwise
     */
    public void beginNetfilter(int type, int flags, int sequence, int family, int resource) {
        begin(type, flags, sequence);
        put8(family);
        put8(0);
        put16(resource);
    }

    /** Begins a batch for a subsystem of netfilter. */
    public void beginBatch(int subsystem, int sequence) {
        beginNetfilter(Netlink.NFNL_MSG_BATCH_BEGIN, Netlink.NLM_F_REQUEST, sequence, 0, subsystem);
        end();
    }

    /** Begins a batch that the kernel refuses (ERESTART) if its generation is another one. From kernel 4.14 on. */
    public void beginBatch(int subsystem, int sequence, int generation) {
        beginNetfilter(Netlink.NFNL_MSG_BATCH_BEGIN, Netlink.NLM_F_REQUEST, sequence, 0, subsystem);
        u32(Netlink.NFNL_BATCH_GENID, generation);
        end();
    }

    /** Ends a batch. */
    public void endBatch(int subsystem, int flags, int sequence) {
        beginNetfilter(Netlink.NFNL_MSG_BATCH_END, Netlink.NLM_F_REQUEST | flags, sequence, 0, subsystem);
        end();
    }

    /** Ends the message. */
    public void end() {
        if (message == NONE) {
            throw new IllegalStateException("no message was begun");
        }
        out.putInt(message, out.position() - message);
        message = NONE;
    }

    /** Begins an attribute that consists of attributes; returns the argument of {@link #close}. */
    public int nested(int type) {
        return attribute(type | Netlink.NLA_F_NESTED);
    }

    /** Begins an attribute whose value the put methods write; returns the argument of {@link #close}. */
    public int attribute(int type) {
        reserve(Netlink.ATTRIBUTE_HEADER);
        int start = out.position();
        out.putShort((short) 0).putShort((short) type);
        return start;
    }

    /**
     * Ends an attribute.
     *
     * @throws IllegalArgumentException if it is longer than 65,535 bytes, which its header cannot say
     */
    public void close(int start) {
        int length = out.position() - start;
        if (length > Netlink.LONGEST_ATTRIBUTE) {
            throw new IllegalArgumentException("netlink attribute " + (out.getShort(start + 2) & Netlink.TYPE_MASK)
                    + " is too long: " + length + " bytes");
        }
        out.putShort(start, (short) length);
        zeros(Netlink.aligned(length) - length);
    }

    /** Returns the length of an attribute that is not ended yet, with its header. */
    public int length(int start) {
        return out.position() - start;
    }

    /** Writes an attribute without a value. */
    public void flag(int type) {
        close(attribute(type));
    }

    /** Writes a number of 8 bits. */
    public void u8(int type, int value) {
        header(type, Byte.BYTES);
        out.put((byte) value).put((byte) 0).putShort((short) 0);
    }

    /** Writes a number of 16 bits. */
    public void u16(int type, int value) {
        header(type, Short.BYTES);
        put16(value);
        out.putShort((short) 0);
    }

    /** Writes a number of 32 bits. */
    public void u32(int type, int value) {
        header(type, Integer.BYTES);
        put32(value);
    }

    /** Writes a number of 64 bits. */
    public void u64(int type, long value) {
        header(type, Long.BYTES);
        put64(value);
    }

    /** Writes a number of 16 bits in the machine's byte order. */
    public void u16Host(int type, int value) {
        header(type, Short.BYTES);
        out.putShort((short) value).putShort((short) 0);
    }

    /** Writes a number of 32 bits in the machine's byte order. */
    public void u32Host(int type, int value) {
        header(type, Integer.BYTES);
        out.putInt(value);
    }

    /** Writes a number of 64 bits in the machine's byte order. */
    public void u64Host(int type, long value) {
        header(type, Long.BYTES);
        out.putLong(value);
    }

    /** Writes a text with a zero at its end. */
    public void string(int type, String text) {
        int start = attribute(type);
        put(text);
        put8(0);
        close(start);
    }

    /** Writes bytes. */
    public void bytes(int type, byte[] value) {
        bytes(type, value, 0, value.length);
    }

    /** Writes a part of an array. */
    public void bytes(int type, byte[] value, int from, int length) {
        int start = attribute(type);
        put(value, from, length);
        close(start);
    }

    /** Adds a byte to the value of an attribute. */
    public void put8(int value) {
        reserve(Byte.BYTES);
        out.put((byte) value);
    }

    /** Adds a number of 16 bits. */
    public void put16(int value) {
        reserve(Short.BYTES);
        out.put((byte) (value >>> 8)).put((byte) value);
    }

    /** Adds a number of 32 bits. */
    public void put32(int value) {
        reserve(Integer.BYTES);
        out.putInt(out.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value));
    }

    /** Adds a number of 64 bits. */
    public void put64(long value) {
        reserve(Long.BYTES);
        out.putLong(out.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value));
    }

    /** Adds a number of 32 bits in the machine's byte order. */
    public void put32Host(int value) {
        reserve(Integer.BYTES);
        out.putInt(value);
    }

    /** Adds bytes. */
    public void put(byte[] bytes, int from, int length) {
        reserve(length);
        out.put(bytes, from, length);
    }

    /** Adds a text without a zero. */
    public void put(String text) {
        int start = out.position();
        int length = text.length();
        reserve(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                out.position(start);
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                put(bytes, 0, bytes.length);
                return;
            }
            out.put((byte) c);
        }
    }

    /** Adds zeros. */
    public void zeros(int count) {
        reserve(count);
        for (int i = 0; i < count; i++) {
            out.put((byte) 0);
        }
    }

    private void header(int type, int length) {
        reserve(Netlink.ATTRIBUTE_HEADER + Netlink.aligned(length));
        out.putShort((short) (Netlink.ATTRIBUTE_HEADER + length)).putShort((short) type);
    }

    private void reserve(int bytes) {
        if (out.remaining() < bytes) {
            grow(bytes);
        }
    }

    private void grow(int bytes) {
        long needed = (long) out.position() + bytes;
        if (needed > LARGEST) {
            throw new BufferOverflowException();
        }
        ByteBuffer larger = allocate((int) Math.min(LARGEST, Math.max(needed, 2L * out.capacity())));
        out = larger.put(out.flip());
    }

    private ByteBuffer allocate(int capacity) {
        return (out.isDirect() ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity))
                .order(ByteOrder.nativeOrder());
    }
}
