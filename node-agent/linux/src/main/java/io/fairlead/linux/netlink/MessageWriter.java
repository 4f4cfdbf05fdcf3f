package io.fairlead.linux.netlink;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes netlink messages one after the other into a buffer that grows. Headers are written in the machine's byte
 * order. The values of attributes are written in network byte order, which all of netfilter uses, unless the name of
 * the method contains "Host". Writing allocates memory only if the buffer grows or if a text is not ASCII.
 *
 * <p>To write a message, call {@link #begin} or {@link #beginNetfilter}, write its attributes, then call {@link #end}.
 * To write an attribute that contains attributes: {@code int start = nested(type); ... close(start);}. To write an
 * attribute whose value has several parts: {@code int start = attribute(type); put32(...); ... close(start);}.
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

    /** Discards all messages, but keeps the memory. */
    public MessageWriter clear() {
        out.clear();
        message = NONE;
        return this;
    }

    /** Discards all messages, and releases memory beyond this capacity in bytes. */
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

    /**
     * Discards everything beyond the first {@code size} bytes, for example a message that does not fit into a batch.
     */
    public void truncate(int size) {
        if (size > out.position()) {
            throw new IllegalArgumentException("cannot truncate " + out.position() + " bytes to " + size);
        }
        out.position(size);
        message = NONE;
    }

    /**
     * Returns the messages. The buffer shares its bytes with this writer, and is valid until the next call of this
     * writer.
     */
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
     * @param type the result of {@link Netlink#type}
     * @param family AF_INET, AF_INET6 or NFPROTO_*; 0 for no family
     * @param resource the subsystem in the messages that begin and end a batch; 0 in other messages
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

    /**
     * Begins a batch that the kernel refuses with ERESTART if the generation of the kernel's rules is not this one.
     * Kernel 4.14 and later check the generation.
     */
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

    /** Begins an attribute that contains attributes. Returns the argument for {@link #close}. */
    public int nested(int type) {
        return attribute(type | Netlink.NLA_F_NESTED);
    }

    /** Begins an attribute. The methods {@code put...} write its value. Returns the argument for {@link #close}. */
    public int attribute(int type) {
        reserve(Netlink.ATTRIBUTE_HEADER);
        int start = out.position();
        out.putShort((short) 0).putShort((short) type);
        return start;
    }

    /**
     * Ends an attribute.
     *
     * @throws IllegalArgumentException if the attribute is longer than 65,535 bytes, the limit of the length in its
     *     header
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

    /** Returns the current length in bytes of an attribute that is not ended yet. The length includes the header. */
    public int length(int start) {
        return out.position() - start;
    }

    /** Writes an attribute without a value. */
    public void flag(int type) {
        close(attribute(type));
    }

    /** Writes an attribute with a number of 8 bits. */
    public void u8(int type, int value) {
        header(type, Byte.BYTES);
        out.put((byte) value).put((byte) 0).putShort((short) 0);
    }

    /** Writes an attribute with a number of 16 bits. */
    public void u16(int type, int value) {
        header(type, Short.BYTES);
        put16(value);
        out.putShort((short) 0);
    }

    /** Writes an attribute with a number of 32 bits. */
    public void u32(int type, int value) {
        header(type, Integer.BYTES);
        put32(value);
    }

    /** Writes an attribute with a number of 64 bits. */
    public void u64(int type, long value) {
        header(type, Long.BYTES);
        put64(value);
    }

    /** Writes an attribute with a number of 16 bits in the machine's byte order. */
    public void u16Host(int type, int value) {
        header(type, Short.BYTES);
        out.putShort((short) value).putShort((short) 0);
    }

    /** Writes an attribute with a number of 32 bits in the machine's byte order. */
    public void u32Host(int type, int value) {
        header(type, Integer.BYTES);
        out.putInt(value);
    }

    /** Writes an attribute with a number of 64 bits in the machine's byte order. */
    public void u64Host(int type, long value) {
        header(type, Long.BYTES);
        out.putLong(value);
    }

    /** Writes an attribute with a text and a zero byte at its end. */
    public void string(int type, String text) {
        int start = attribute(type);
        put(text);
        put8(0);
        close(start);
    }

    /** Writes an attribute with these bytes. */
    public void bytes(int type, byte[] value) {
        bytes(type, value, 0, value.length);
    }

    /** Writes an attribute with a part of an array. */
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

    /** Adds a number of 16 bits to the value of an attribute. */
    public void put16(int value) {
        reserve(Short.BYTES);
        out.put((byte) (value >>> 8)).put((byte) value);
    }

    /** Adds a number of 32 bits to the value of an attribute. */
    public void put32(int value) {
        reserve(Integer.BYTES);
        out.putInt(out.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value));
    }

    /** Adds a number of 64 bits to the value of an attribute. */
    public void put64(long value) {
        reserve(Long.BYTES);
        out.putLong(out.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value));
    }

    /** Adds a number of 32 bits in the machine's byte order to the value of an attribute. */
    public void put32Host(int value) {
        reserve(Integer.BYTES);
        out.putInt(value);
    }

    /** Adds a part of an array to the value of an attribute. */
    public void put(byte[] bytes, int from, int length) {
        reserve(length);
        out.put(bytes, from, length);
    }

    /** Adds a text, without a zero byte at its end, to the value of an attribute. */
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

    /** Adds zero bytes. */
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
