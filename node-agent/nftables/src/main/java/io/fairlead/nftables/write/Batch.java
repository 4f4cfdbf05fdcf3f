package io.fairlead.nftables.write;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.linux.netlink.Acknowledgement;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.nft.kernel.Place;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Operation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Encodes a transaction as a batch of netlink messages. The memory is reused for the next transaction. */
final class Batch {
    /** The memory in bytes that is kept after a large transaction. */
    private static final int KEPT = 1 << 17;

    private final MessageWriter out = MessageWriter.direct(KEPT);
    private final Frame frame = new Frame(out);
    private final OperationMessages messages = new OperationMessages(frame);
    private Transaction transaction = new Transaction(List.of());
    private ByteBuffer written = out.written();

    /** Encodes a transaction. The returned messages are valid until the next call. */
    ByteBuffer write(Transaction next, int sequence) {
        transaction = next;
        frame.beginBatch(sequence);
        for (Transaction.Part part : next.parts()) {
            messages.beginTable();
            for (Operation operation : part.operations()) {
                messages.write(operation, part.family());
            }
        }
        written = frame.endBatch();
        return written;
    }

    /** Releases the memory of a large transaction. */
    void release() {
        transaction = new Transaction(List.of());
        out.clear(KEPT);
        written = out.written();
    }

    /**
     * Returns the sequence number of the message whose acknowledgement means that the kernel executed the whole batch.
     */
    int lastSequence() {
        return frame.lastSequence();
    }

    /**
     * Returns the operation and element to which an answer of the kernel refers; empty if it refers to the whole batch.
     */
    Optional<Place> place(Acknowledgement answer) {
        if (!frame.has(answer.sequence())) {
            return Optional.empty();
        }
        int rest = frame.operation(answer.sequence());
        for (Transaction.Part part : transaction.parts()) {
            if (rest < part.operations().size()) {
                return Optional.of(new Place(part.family(), part.operations().get(rest), element(answer)));
            }
            rest -= part.operations().size();
        }
        return Optional.empty();
    }

    /**
     * Returns the index of the refused element in its operation. The kernel reports the offset of the element in the
     * message. In the message, the end of a range is an element of its own, which is not counted.
     */
    private int element(Acknowledgement answer) {
        int first = frame.element(answer.sequence());
        if (first < 0 || answer.offset() == 0) {
            return Place.WHOLE;
        }
        int message = frame.start(answer.sequence());
        int end = message + written.getInt(message);
        int at = message + Netlink.HEADER + Netlink.NETFILTER_HEADER;
        while (at < end && type(at) != NFTA_SET_ELEM_LIST_ELEMENTS) {
            at = next(at);
        }
        int element = first - 1;
        for (at += Netlink.ATTRIBUTE_HEADER; at < end && at <= message + answer.offset(); at = next(at)) {
            if (!endsRange(at)) {
                element++;
            }
        }
        return Math.max(element, first);
    }

    private boolean endsRange(int element) {
        for (int at = element + Netlink.ATTRIBUTE_HEADER; at < next(element); at = next(at)) {
            if (type(at) == NFTA_SET_ELEM_FLAGS) {
                return true;
            }
        }
        return false;
    }

    private int type(int attribute) {
        return written.getShort(attribute + 2) & 0x3fff;
    }

    private int next(int attribute) {
        return attribute + ((written.getShort(attribute) & 0xffff) + 3 & ~3);
    }
}
