package io.fairlead.nftables.write;

import io.fairlead.core.rules.ApplyFailedException.Kind;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.netlink.Acknowledgement;
import io.fairlead.linux.netlink.Errno;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.linux.netlink.NetlinkException;
import io.fairlead.linux.netlink.NetlinkSocket;
import io.fairlead.linux.netlink.Received;
import io.fairlead.nft.kernel.Nftables.Answer;
import io.fairlead.nft.kernel.Place;
import io.fairlead.nft.kernel.Transaction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes transactions into the kernel of one network namespace. The kernel carries out a batch within the call that
 * sends it, so its answers are there when the call returns. Calls may come from any thread; they run one after the
 * other.
 */
public final class NetlinkWriter implements AutoCloseable {
    /** The most messages at fault that are named. */
    private static final int MOST_PLACES = 20;

    /** More than any batch has. The number alone reserves no memory. */
    private static final int UNLIMITED = 1 << 30;

    private final NetlinkSocket socket;
    private final int limit;
    private final ByteBuffer received = ByteBuffer.allocateDirect(NetlinkSocket.DATAGRAM);
    private final MessageReader reader = new MessageReader(received);
    private final Batch batch = new Batch();
    private final ReentrantLock lock = new ReentrantLock();
    private int sequence = 1;

    private NetlinkWriter(NetlinkSocket socket) {
        this.socket = socket;
        this.limit = socket.enlargeSendLimit(UNLIMITED);
    }

    /**
     * Opens a socket in a network namespace.
     *
     * @throws io.fairlead.linux.netlink.NetlinkException if the kernel refuses one
     * @throws IllegalStateException if the namespace cannot be entered
     */
    public static NetlinkWriter open(Libc libc, NetworkNamespace namespace) {
        return new NetlinkWriter(NetlinkSocket.open(libc, namespace, Netlink.NETFILTER));
    }

    /**
     * Returns the transaction itself, or several that come to the same if the kernel accepts none so long. The kernel
     * does that in a user namespace, where net.core.wmem_max is the limit.
     */
    public List<Transaction> divided(Transaction transaction) {
        if (limit >= UNLIMITED) {
            return List.of(transaction);
        }
        lock.lock();
        try {
            return size(transaction) <= limit ? List.of(transaction) : Division.pieces(transaction, limit, this::size);
        } finally {
            batch.release();
            lock.unlock();
        }
    }

    private int size(Transaction transaction) {
        return batch.write(transaction, sequence).remaining();
    }

    /** Carries out a transaction. */
    public Answer apply(Transaction transaction) {
        if (transaction.isEmpty()) {
            return new Answer.Done();
        }
        lock.lock();
        try {
            ByteBuffer messages = batch.write(transaction, sequence);
            sequence = batch.lastSequence() + 2;
            return send(messages);
        } finally {
            batch.release();
            lock.unlock();
        }
    }

    private Answer send(ByteBuffer messages) {
        try {
            socket.send(messages);
        } catch (NetlinkException e) {
            return new Answer.Refused(kind(e.errno()), false, notSent(messages.remaining(), e), "", List.of());
        }
        return answer();
    }

    private String notSent(int length, NetlinkException e) {
        return e.errno() == Errno.EMSGSIZE
                ? "the change has " + length
                        + " bytes as one transaction, and net.core.wmem_max of the host limits it to " + limit
                : String.valueOf(e.getMessage());
    }

    /** Reads all answers. A refused batch has one for each message at fault, or one for the batch as a whole. */
    private Answer answer() {
        List<Acknowledgement> refused = new ArrayList<>(0);
        boolean accepted = false;
        Received next = socket.poll(received);
        while (next != Received.NOTHING) {
            reader.rewind();
            while (next == Received.DATAGRAM && reader.next()) {
                if (!reader.isLast()) {
                    continue;
                }
                Acknowledgement answer = reader.acknowledgement();
                if (!answer.succeeded()) {
                    refused.add(answer);
                } else {
                    accepted |= answer.sequence() == batch.lastSequence();
                }
            }
            next = socket.poll(received);
        }
        if (!refused.isEmpty()) {
            return refused(refused);
        }
        return accepted ? new Answer.Done() : new Answer.TimedOut();
    }

    private Answer refused(List<Acknowledgement> answers) {
        Acknowledgement first = answers.getFirst();
        Set<Place> places = new LinkedHashSet<>();
        for (Acknowledgement answer : answers) {
            if (places.size() < MOST_PLACES) {
                batch.place(answer).ifPresent(places::add);
            }
        }
        String reason = socket.errorText(first.errno()) + (first.message().isEmpty() ? "" : ": " + first.message());
        return new Answer.Refused(
                kind(first.errno()),
                answers.stream().anyMatch(answer -> answer.errno() == Errno.EBUSY),
                "the kernel refused the change: " + reason,
                "",
                List.copyOf(places));
    }

    private static Kind kind(int errno) {
        return switch (errno) {
            case Errno.EPERM -> Kind.NOT_PERMITTED;
            case Errno.ENOENT -> Kind.NOT_FOUND;
            // ENOTEMPTY: a range overlaps one that exists.
            case Errno.EEXIST, Errno.ENOTEMPTY -> Kind.EXISTS;
            case Errno.EOPNOTSUPP, Errno.EPROTONOSUPPORT, Errno.EAFNOSUPPORT -> Kind.MISSING_KERNEL_FEATURE;
            default -> Kind.REJECTED;
        };
    }

    @Override
    public void close() {
        socket.close();
    }
}
