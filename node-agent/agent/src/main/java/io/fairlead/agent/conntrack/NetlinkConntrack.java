package io.fairlead.agent.conntrack;

import io.fairlead.core.net.IpFamily;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** The table as the kernel's nf_conntrack_netlink gives it; needs CAP_NET_ADMIN. */
final class NetlinkConntrack implements ConntrackTable {
    /** The kernel fills at most 32 KiB of it at a time. */
    private static final int ANSWER_BYTES = 64 << 10;

    /** So many removals are asked for at a time: what is said to them fits into a socket's default receive buffer. */
    private static final int BATCH = 64;

    private static final int ENOENT = 2;

    private final NetlinkSocket socket;
    private final ByteBuffer request = ByteBuffer.allocateDirect(BATCH * MessageWriter.LONGEST);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER_BYTES);
    private int sequence;

    private NetlinkConntrack(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * The table of the calling thread's namespace.
     *
     * @throws ConntrackException if the kernel gives no socket
     */
    static NetlinkConntrack open() {
        return new NetlinkConntrack(NetlinkSocket.open());
    }

    /**
     * The table of another namespace. The calling thread stays where it is.
     *
     * @param namespace as {@code ip netns} names it
     * @throws ConntrackException if it cannot be entered, or as {@link #open()}
     */
    static NetlinkConntrack openIn(String namespace) {
        CompletableFuture<NetlinkSocket> socket = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("visit-" + namespace).start(() -> {
            try {
                NetlinkSocket.enterNamespace(namespace);
                socket.complete(NetlinkSocket.open());
            } catch (ConntrackException e) {
                socket.completeExceptionally(e);
            }
        });
        try {
            return new NetlinkConntrack(socket.join());
        } catch (CompletionException e) {
            throw new ConntrackException(String.valueOf(socket.exceptionNow().getMessage()), e);
        }
    }

    @Override
    public void dump(IpFamily family, Consumer<UdpFlow> each) {
        int asked = ++sequence;
        new MessageWriter(request.clear()).dump(family, asked);
        socket.send(request);
        boolean ended = false;
        while (!ended) {
            ended = showDatagram(asked, each);
        }
    }

    /** Reads one datagram; true if it was the last one of this dump. */
    private boolean showDatagram(int asked, Consumer<UdpFlow> each) {
        MessageReader reader = receive();
        while (reader.next()) {
            if (reader.sequence() != asked) {
                continue;
            }
            if (reader.last()) {
                if (reader.error() != 0) {
                    throw new ConntrackException("cannot list flows: " + NetlinkSocket.errorText(reader.error()));
                }
                return true;
            }
            UdpFlow flow = reader.flow();
            if (flow != null) {
                each.accept(flow);
            }
        }
        return false;
    }

    @Override
    public Removal delete(List<UdpFlow> flows) {
        Removal total = Removal.NOTHING;
        for (int from = 0; from < flows.size(); from += BATCH) {
            total = total.plus(deleteBatch(flows.subList(from, Math.min(from + BATCH, flows.size()))));
        }
        return total;
    }

    private Removal deleteBatch(List<UdpFlow> batch) {
        int first = sequence + 1;
        MessageWriter writer = new MessageWriter(request.clear());
        batch.forEach(flow -> writer.delete(flow, ++sequence));
        socket.send(request);
        Removal outcome = Removal.NOTHING;
        while (outcome.total() < batch.size()) {
            MessageReader reader = receive();
            while (reader.next()) {
                int index = reader.sequence() - first;
                if (reader.last() && index >= 0 && index < batch.size()) {
                    outcome = outcome.plus(outcome(reader.error()));
                }
            }
        }
        return outcome;
    }

    private MessageReader receive() {
        socket.receive(answer);
        return new MessageReader(answer);
    }

    private static Removal outcome(int error) {
        return switch (error) {
            case 0 -> new Removal(1, 0, 0, "");
            case ENOENT -> new Removal(0, 1, 0, "");
            default -> new Removal(0, 0, 1, NetlinkSocket.errorText(error));
        };
    }

    @Override
    public void close() {
        socket.close();
    }
}
