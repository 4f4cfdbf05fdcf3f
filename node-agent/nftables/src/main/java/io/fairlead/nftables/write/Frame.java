package io.fairlead.nftables.write;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes the messages of a batch, and remembers for each message its operation and its first element. With these, an
 * answer of the kernel can be assigned to an operation and an element.
 */
final class Frame {
    /** The offset of the flags in the header of a message. */
    private static final int FLAGS = 6;

    private final MessageWriter out;
    private int first;
    private int count;
    /**
     * For each message of the batch: its start offset, the index of its operation, and the index of its first element.
     */
    private int[] starts = new int[64];

    private int[] operations = new int[64];
    private int[] elements = new int[64];
    private int operation;
    private int nextSet;

    Frame(MessageWriter out) {
        this.out = out;
    }

    MessageWriter out() {
        return out;
    }

    /** Begins a batch. Its messages get successive sequence numbers, beginning with {@code sequence}. */
    void beginBatch(int sequence) {
        out.clear();
        first = sequence + 1;
        count = 0;
        operation = -1;
        nextSet = 0;
        out.beginBatch(Netlink.NF_TABLES, sequence);
    }

    /** Ends the batch. If the kernel executes all operations, it acknowledges the last message of the operations. */
    ByteBuffer endBatch() {
        out.endBatch(Netlink.NF_TABLES, 0, first + count);
        ByteBuffer written = out.written();
        if (count > 0) {
            int flags = starts[count - 1] + FLAGS;
            written.putShort(flags, (short) (written.getShort(flags) | Netlink.NLM_F_ACK));
        }
        return written;
    }

    /** Begins the next operation. */
    void nextOperation() {
        operation++;
    }

    /** Begins a message of the current operation. */
    void begin(int type, int flags, IpFamily family) {
        begin(type, flags, family, -1);
    }

    /** Begins a message of the current operation that contains elements, beginning with the element of this index. */
    void begin(int type, int flags, IpFamily family, int element) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            operations = Arrays.copyOf(operations, 2 * count);
            elements = Arrays.copyOf(elements, 2 * count);
        }
        starts[count] = out.size();
        operations[count] = operation;
        elements[count] = element;
        out.beginNetfilter(
                Netlink.type(Netlink.NF_TABLES, type),
                Netlink.NLM_F_REQUEST | flags,
                first + count,
                Families.number(family),
                0);
        count++;
    }

    /** Returns a new number for a set. The messages of this batch refer to the set by this number. */
    int nextSet() {
        return ++nextSet;
    }

    /** Returns the sequence number of the last message of the batch's operations. */
    int lastSequence() {
        return first + count - 1;
    }

    /** Returns whether the sequence number is that of a message of an operation. */
    boolean has(int sequence) {
        return sequence - first >= 0 && sequence - first < count;
    }

    /** Returns the start offset of a message in the batch, in bytes. */
    int start(int sequence) {
        return starts[sequence - first];
    }

    /** Returns the index of a message's operation in the transaction, counted from 0. */
    int operation(int sequence) {
        return operations[sequence - first];
    }

    /** Returns the index of a message's first element in its operation; -1 if the message has no elements. */
    int element(int sequence) {
        return elements[sequence - first];
    }
}
