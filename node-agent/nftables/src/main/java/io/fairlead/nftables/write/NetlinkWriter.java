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
 * Sends transactions to the kernel for one network namespace. The kernel executes a batch within the system call that
 * sends the batch, so all answers have arrived when that call returns. Thread-safe; calls run one after the other.
 */
public final class NetlinkWriter implements AutoCloseable {
    /** The greatest number of refused messages that a result names. */
    private static final int MOST_PLACES = 20;

    /**
     * The limit in bytes that is requested for a transaction. No batch is as long. The kernel reserves no memory for
     * the limit.
     */
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
     * @throws io.fairlead.linux.netlink.NetlinkException if the kernel refuses a socket
     * @throws IllegalStateException if the namespace cannot be entered
     */
    public static NetlinkWriter open(Libc libc, NetworkNamespace namespace) {
        NetlinkSocket socket = NetlinkSocket.open(libc, namespace, Netlink.NETFILTER);
        try {
            return new NetlinkWriter(socket);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Returns the transaction itself if it is short enough for the kernel; otherwise several transactions which,
     * executed in order, have the same result. The length is limited only in a user namespace, by net.core.wmem_max.
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

    /** Executes a transaction and returns the kernel's answer. An empty transaction is not sent. */
    public Answer apply(Transaction transaction) {
        if (transaction.isEmpty()) {
            return new Answer.Done();
        }
        lock.lock();
        try {
            ByteBuffer messages = batch.write(transaction, sequence);
            int first = sequence;
            sequence = batch.lastSequence() + 2;
            return send(messages, first);
        } finally {
            batch.release();
            lock.unlock();
        }
    }

    private Answer send(ByteBuffer messages, int first) {
        try {
            socket.send(messages);
        } catch (NetlinkException e) {
            return new Answer.Refused(kind(e.errno()), false, notSent(messages.remaining(), e), "", List.of());
        }
        return answer(first);
    }

    private String notSent(int length, NetlinkException e) {
        return e.errno() == Errno.EMSGSIZE
                ? "the change has " + length
                        + " bytes as one transaction, and net.core.wmem_max of the host limits it to " + limit
                : String.valueOf(e.getMessage());
    }

    /**
     * Reads all answers of the kernel. For a refused batch there is one answer for each refused message, or one answer
     * for the whole batch.
     *
     * @param first the sequence number of the batch. Answers with lower numbers belong to an earlier batch, whose
     *     answers could not be read
     */
    private Answer answer(int first) {
        List<Acknowledgement> refused = new ArrayList<>(0);
        boolean accepted = false;
        Received next = socket.poll(received);
        while (next != Received.NOTHING) {
            reader.rewind();
            while (next == Received.DATAGRAM && reader.next()) {
                if (!reader.isLast() || reader.sequence() - first < 0) {
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
            // ENOTEMPTY means that a range overlaps an existing range.
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
