package io.fairlead.agent.xtables;

import io.fairlead.iptables.kernel.PacketCounters;
import io.fairlead.iptables.rule.CounterName;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.netlink.Acknowledgement;
import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.Errno;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.linux.netlink.NetlinkException;
import io.fairlead.linux.netlink.NetlinkSocket;
import io.fairlead.linux.netlink.Received;
import io.fairlead.linux.process.ProgramMissingException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Creates and reads the nfacct packet counters of a network namespace (linux/netfilter/nfnetlink_acct.h; in kernels
 * since 3.3). Each read of a counter sends one request to the kernel. Thread-safe.
 */
public final class NetlinkCounters implements PacketCounters {
    /** NFNL_SUBSYS_ACCT: the netfilter subsystem for packet counters. */
    private static final int ACCOUNTING = 7;
    /** NFNL_MSG_ACCT_NEW and NFNL_MSG_ACCT_GET: the types of messages that create and read a counter. */
    private static final int NEW = 0;

    private static final int GET = 1;
    /** NFACCT_NAME and NFACCT_PKTS: the types of the attributes for the name and the number of packets. */
    private static final int NAME = 1;

    private static final int PACKETS = 2;
    /**
     * The size of the receive buffer in bytes. It is larger than any answer: the name has 32 bytes, and each number has
     * 8 bytes.
     */
    private static final int ANSWER = 4096;

    private final String namespace;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(ANSWER);
    private final MessageWriter request = MessageWriter.direct(128);
    private @Nullable NetlinkSocket socket;
    private int sequence;

    private NetlinkCounters(String namespace) {
        this.namespace = namespace;
    }

    /**
     * Returns the counters of a network namespace. The socket is opened by the first request. If the namespace is not
     * the namespace of the process, the first request must be made in a platform thread.
     *
     * @param namespace the name of the network namespace, as in {@code ip netns}; "" for the namespace of the calling
     *     thread
     */
    public static NetlinkCounters of(String namespace) {
        return new NetlinkCounters(namespace);
    }

    /** The kernel's answer to one request. */
    private record Answer(int errno, String error, OptionalLong packets) {}

    @Override
    public boolean exist() {
        int errno = ask(GET, 0, CounterName.INVALID_DROPPED).errno();
        return errno == 0 || errno == Errno.ENOENT;
    }

    @Override
    public Optional<String> create(CounterName name) {
        Answer answer = ask(NEW, Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL, name);
        // Without NLM_F_REPLACE, the kernel returns EBUSY if the counter exists.
        boolean exists = answer.errno() == 0 || answer.errno() == Errno.EBUSY || answer.errno() == Errno.EEXIST;
        return exists ? Optional.empty() : Optional.of(answer.error());
    }

    @Override
    public OptionalLong packets(CounterName name) {
        return ask(GET, 0, name).packets();
    }

    private synchronized Answer ask(int message, int flags, CounterName name) {
        try {
            if (socket == null) {
                Libc libc = Libc.load();
                socket = NetlinkSocket.open(libc, NetworkNamespace.of(libc, namespace), Netlink.NETFILTER);
            }
            sequence++;
            request.clear();
            request.beginNetfilter(
                    Netlink.type(ACCOUNTING, message),
                    Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK | flags,
                    sequence,
                    0,
                    0);
            request.string(NAME, name.text());
            request.end();
            socket.send(request.written());
            return answer(socket);
        } catch (NetlinkException e) {
            return new Answer(e.errno(), String.valueOf(e.getMessage()), OptionalLong.empty());
        } catch (IllegalStateException | ProgramMissingException e) {
            return new Answer(Errno.EINVAL, String.valueOf(e.getMessage()), OptionalLong.empty());
        }
    }

    /**
     * Receives messages up to the acknowledgement. The value of the counter precedes the acknowledgement and may be in
     * another datagram.
     */
    private Answer answer(NetlinkSocket from) {
        MessageReader reader = new MessageReader(buffer);
        OptionalLong packets = OptionalLong.empty();
        while (from.receive(buffer) == Received.DATAGRAM) {
            reader.rewind();
            while (reader.next()) {
                if (reader.sequence() != sequence) {
                    continue;
                }
                if (reader.isLast()) {
                    Acknowledgement last = reader.acknowledgement();
                    return new Answer(last.errno(), from.errorText(last.errno()), packets);
                }
                packets = packets(reader.netfilterAttributes());
            }
        }
        return new Answer(Errno.ETIMEDOUT, from.errorText(Errno.ETIMEDOUT), packets);
    }

    private static OptionalLong packets(Attributes attributes) {
        while (attributes.next()) {
            if (attributes.type() == PACKETS) {
                return OptionalLong.of(attributes.u64());
            }
        }
        return OptionalLong.empty();
    }
}
