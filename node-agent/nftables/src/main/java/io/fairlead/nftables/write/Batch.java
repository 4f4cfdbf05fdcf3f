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

/** One transaction at a time as a batch of messages. The memory is used again for the next one. */
final class Batch {
    /** The memory that stays after a large transaction. */
    private static final int KEPT = 1 << 17;

    private final MessageWriter out = MessageWriter.direct(KEPT);
    private final Frame frame = new Frame(out);
    private final OperationMessages messages = new OperationMessages(frame);
    private Transaction transaction = new Transaction(List.of());
    private ByteBuffer written = out.written();

    /** Returns the messages, which are valid until the next call. */
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

    /** Returns the sequence number of the message whose acknowledgement means that the whole batch was carried out. */
    int lastSequence() {
        return frame.lastSequence();
    }

    /** Returns the place that an answer of the kernel is about; empty if it is about the batch as a whole. */
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
     * Returns the number of the element at fault within its operation. The kernel gives the place of the element in the
     * message; the ends of ranges are elements of their own there.
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
