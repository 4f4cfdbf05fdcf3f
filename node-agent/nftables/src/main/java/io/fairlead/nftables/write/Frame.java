package io.fairlead.nftables.write;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The messages of a batch, each with the operation and the element that it begins with, so that an answer of the kernel
 * leads back to them.
 */
final class Frame {
    /** The place of the flags in the header of a message. */
    private static final int FLAGS = 6;

    private final MessageWriter out;
    private int first;
    private int count;
    /** The starts of messages in the batch, and the numbers of their operations and first elements. */
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

    /** Begins a batch; its messages have the sequence numbers from {@code sequence} on. */
    void beginBatch(int sequence) {
        out.clear();
        first = sequence + 1;
        count = 0;
        operation = -1;
        nextSet = 0;
        out.beginBatch(Netlink.NF_TABLES, sequence);
    }

    /** Ends the batch. The kernel acknowledges the last message of its operations, if it carries out all of them. */
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

    /** Begins a message of the operation. */
    void begin(int type, int flags, IpFamily family) {
        begin(type, flags, family, -1);
    }

    /** Begins a message with elements of the operation, from this one on. */
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

    /** Returns a number for a set of this batch. */
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

    /** Returns where a message begins. */
    int start(int sequence) {
        return starts[sequence - first];
    }

    /** Returns the number of the operation of a message, counted from 0. */
    int operation(int sequence) {
        return operations[sequence - first];
    }

    /** Returns the number of the first element of a message within its operation; -1 if it has none. */
    int element(int sequence) {
        return elements[sequence - first];
    }
}
