package io.fairlead.conntrack;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.netlink.Dump;
import io.fairlead.linux.netlink.Errno;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.linux.netlink.NetlinkException;
import io.fairlead.linux.netlink.NetlinkSocket;
import io.fairlead.linux.netlink.Received;
import io.fairlead.linux.process.ProgramMissingException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** Reads and changes the table of flows by the kernel's module nf_conntrack_netlink. It needs CAP_NET_ADMIN. */
final class NetlinkConntrack implements ConntrackTable {
    /**
     * The number of removals that are sent together. Their acknowledgements fit into the default receive buffer of a
     * socket.
     */
    private static final int BATCH = 64;

    /** The greatest length in bytes of a request to remove one flow. */
    private static final int LONGEST = 128;

    private final NetlinkSocket socket;
    private final MessageWriter request = MessageWriter.direct(BATCH * LONGEST);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(NetlinkSocket.DATAGRAM);
    private final MessageReader reader = new MessageReader(answer);
    private final Dump dump;
    private int sequence;

    private NetlinkConntrack(NetlinkSocket socket) {
        this.socket = socket;
        this.dump = new Dump(socket, answer);
    }

    /**
     * Opens the table of a network namespace. The calling thread stays in its own namespace.
     *
     * @param namespace the name as in {@code ip netns}; "" for the namespace of the calling thread
     * @throws ConntrackException if the namespace cannot be entered, or the kernel refuses a socket
     */
    static NetlinkConntrack open(String namespace) {
        try {
            Libc libc = Libc.load();
            return open(libc, NetworkNamespace.of(libc, namespace));
        } catch (ProgramMissingException e) {
            throw failed(e);
        }
    }

    static NetlinkConntrack open(Libc libc, NetworkNamespace namespace) {
        try {
            return new NetlinkConntrack(NetlinkSocket.open(libc, namespace, Netlink.NETFILTER));
        } catch (NetlinkException | IllegalStateException e) {
            throw failed(e);
        }
    }

    @Override
    public void dump(IpFamily family, Consumer<UdpFlow> each) {
        int asked = ++sequence;
        FlowRequests.dump(request.clear(), family, asked);
        try {
            // An interrupted dump is accepted: flows start and end all the time, and the interface permits that such
            // flows are missing.
            Dump.End _ = dump.run(request.written(), asked, message -> {
                UdpFlow flow = FlowReader.flow(message);
                if (flow != null) {
                    each.accept(flow);
                }
            });
        } catch (NetlinkException e) {
            throw new ConntrackException("cannot list flows: " + e.getMessage(), e);
        }
    }

    @Override
    public Removal delete(List<UdpFlow> flows) {
        Removal total = Removal.NOTHING;
        try {
            for (int from = 0; from < flows.size(); from += BATCH) {
                total = total.plus(deleteBatch(flows.subList(from, Math.min(from + BATCH, flows.size()))));
            }
        } catch (NetlinkException e) {
            throw new ConntrackException("cannot remove flows: " + e.getMessage(), e);
        }
        return total;
    }

    private Removal deleteBatch(List<UdpFlow> batch) {
        int first = sequence + 1;
        request.clear();
        batch.forEach(flow -> FlowRequests.delete(request, flow, ++sequence));
        socket.send(request.written());
        Removal outcome = Removal.NOTHING;
        while (outcome.total() < batch.size()) {
            Received received = socket.receive(answer);
            if (received != Received.DATAGRAM) {
                throw new ConntrackException("cannot remove flows: no acknowledgement (" + received + ")");
            }
            reader.rewind();
            while (reader.next()) {
                int index = reader.sequence() - first;
                if (reader.isLast() && index >= 0 && index < batch.size()) {
                    outcome = outcome.plus(outcome(reader.acknowledgement().errno()));
                }
            }
        }
        return outcome;
    }

    private Removal outcome(int errno) {
        return switch (errno) {
            case 0 -> new Removal(1, 0, 0, "");
            case Errno.ENOENT -> new Removal(0, 1, 0, "");
            default -> new Removal(0, 0, 1, socket.errorText(errno));
        };
    }

    private static ConntrackException failed(RuntimeException cause) {
        return new ConntrackException(String.valueOf(cause.getMessage()), cause);
    }

    @Override
    public void close() {
        socket.close();
    }
}
