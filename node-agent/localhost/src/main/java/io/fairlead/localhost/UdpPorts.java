package io.fairlead.localhost;

import io.fairlead.core.net.IpPort;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards datagrams from node ports on loopback addresses to endpoints, and the answers back to the clients. A flow is
 * the packets from one client socket to one node port, as in conntrack. A flow keeps its endpoint as long as the
 * endpoint serves the port. One thread with one buffer serves all ports.
 */
final class UdpPorts implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(UdpPorts.class);

    /** An idle flow ends after this time, as in conntrack if there were answers (nf_conntrack_udp_timeout_stream). */
    static final long IDLE_SECONDS = 120;

    private static final int LARGEST_DATAGRAM = 65_535;
    private static final int PATIENCE_SECONDS = 1;

    private final LongSupplier nanoTime;
    private final int mostFlows;
    private final Selector selector;
    private final SelectorTasks tasks = new SelectorTasks();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST_DATAGRAM);
    /** All flows, ordered from the least to the most recently used. Only {@code thread} uses this map. */
    private final Map<UdpFlow.Key, UdpFlow> flows = new LinkedHashMap<>(16, 0.75f, true);

    private final Thread thread;
    private volatile boolean closed;
    private volatile int openFlows;

    /** An open node port. */
    final class Port implements Closeable {
        private final LocalhostPort served;
        private final EndpointChoice choice;
        private final DatagramChannel channel;
        private final Runnable stopped;

        private Port(LocalhostPort served, EndpointChoice choice, DatagramChannel channel, Runnable stopped) {
            this.served = served;
            this.choice = choice;
            this.channel = channel;
            this.stopped = stopped;
        }

        /**
         * Stops listening and ends the flows. The port becomes free only when the selector has deregistered the socket.
         * The selector's thread does that, so this method waits for that thread, for at most one second.
         */
        @Override
        public void close() {
            CountDownLatch done = new CountDownLatch(1);
            boolean accepted = later(() -> {
                release();
                done.countDown();
            });
            try {
                // A thread that has ended has closed all ports.
                if (accepted && !done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    LOG.warn("localhost node port {} is still closing after {} s", name(), PATIENCE_SECONDS);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        /** Runs on the selector's thread, between two selections. */
        private void release() {
            Sockets.close(channel);
            end(flow -> flow.key.port() == this);
            letGo();
        }

        private String name() {
            return served.key().text();
        }
    }

    /**
     * Creates an instance that serves no port yet.
     *
     * @param mostFlows the limit of flows (sockets). One more flow ends the flow that was idle for the longest time
     * @throws IOException if the selector cannot be opened
     */
    UdpPorts(LongSupplier nanoTime, int mostFlows) throws IOException {
        this.nanoTime = nanoTime;
        this.mostFlows = mostFlows;
        this.selector = Selector.open();
        this.thread = Thread.ofPlatform().daemon().name("localhost udp").start(this::run);
    }

    /**
     * Serves a port.
     *
     * @param stopped called if the port stops listening because of an error
     * @throws IOException if the address cannot be listened on
     */
    Port open(LocalhostPort port, EndpointChoice choice, Runnable stopped) throws IOException {
        DatagramChannel channel = port.datagramChannel();
        try {
            channel.bind(port.address());
            channel.configureBlocking(false);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        Port opened = new Port(port, choice, channel, stopped);
        if (!later(() -> register(channel, opened))) {
            channel.close();
            throw new IOException("the thread that serves UDP ports has ended");
        }
        return opened;
    }

    /** Returns whether the thread has ended, because of an error or of {@link #close}. No port can be opened then. */
    boolean hasEnded() {
        return tasks.hasEnded();
    }

    /** Wakes the thread, which then ends idle flows. Only a test that sets its own clock needs this call. */
    void expire() {
        later(() -> {});
    }

    /** Returns the number of flows. */
    int openFlows() {
        return openFlows;
    }

    /** Ends all flows and the thread. The owner closes the ports. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean later(Runnable task) {
        boolean accepted = tasks.add(task);
        selector.wakeup();
        return accepted;
    }

    private void register(DatagramChannel channel, Object attachment) {
        try {
            if (channel.isOpen()) {
                channel.register(selector, SelectionKey.OP_READ, attachment);
            }
        } catch (IOException e) {
            LOG.debug("a UDP socket of a localhost node port was closed before it was ready", e);
        }
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(this::ready, millisToNextEnd());
                tasks.run();
                long now = nanoTime.getAsLong();
                end(flow -> now - flow.lastUsed > TimeUnit.SECONDS.toNanos(IDLE_SECONDS));
            }
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "stopped serving all UDP node ports on localhost: {}; retrying after the next sync", e.toString());
        }
        finish();
    }

    /** Closes all flows and ports. After an error, reports the ports as stopped, so that they are opened again. */
    private void finish() {
        tasks.end();
        end(_ -> true);
        for (SelectionKey key : List.copyOf(selector.keys())) {
            if (key.attachment() instanceof Port port) {
                Sockets.close(port.channel);
                if (!closed) {
                    port.stopped.run();
                }
            }
        }
        Sockets.close(selector);
    }

    /** Deregisters closed channels, which closes their sockets. The next select reports the ready channels again. */
    private void letGo() {
        try {
            selector.selectNow();
            selector.selectedKeys().clear();
        } catch (IOException e) {
            LOG.debug("cannot release closed sockets", e);
        }
    }

    /** Returns the milliseconds until the next flow may end; 0 if there is no flow, which means no limit. */
    private long millisToNextEnd() {
        if (flows.isEmpty()) {
            return 0;
        }
        long idle = nanoTime.getAsLong() - flows.values().iterator().next().lastUsed;
        return Math.max(1, TimeUnit.SECONDS.toMillis(IDLE_SECONDS) - TimeUnit.NANOSECONDS.toMillis(idle) + 1);
    }

    private void ready(SelectionKey key) {
        switch (key.attachment()) {
            case Port port -> fromClient(port);
            case UdpFlow flow -> fromEndpoint(flow);
            default -> throw new IllegalStateException("unexpected attachment of a selection key: " + key.attachment());
        }
    }

    private void fromClient(Port port) {
        try {
            buffer.clear();
            InetSocketAddress client = (InetSocketAddress) port.channel.receive(buffer);
            if (client != null) {
                buffer.flip();
                send(new UdpFlow.Key(port, client));
            }
        } catch (ClosedChannelException e) {
            LOG.debug("localhost node port {} was closed", port.name(), e);
        } catch (IOException e) {
            String reason = e.getMessage();
            LOG.warn("localhost node port {} stopped listening: {}; retrying after the next sync", port.name(), reason);
            later(port::release);
            port.stopped.run();
        }
    }

    /** Sends the buffer to an endpoint. If the endpoint refused an earlier packet, tries once more in a new flow. */
    private void send(UdpFlow.Key key) {
        for (int attempt = 0; attempt < 2; attempt++) {
            UdpFlow flow = flow(key);
            if (flow == null) {
                return;
            }
            try {
                flow.channel.write(buffer);
                return;
            } catch (IOException e) {
                LOG.debug("localhost node port {}: {} unreachable", key.port().name(), flow.endpoint, e);
                end(flow);
            }
        }
    }

    private @Nullable UdpFlow flow(UdpFlow.Key key) {
        UdpFlow flow = flows.get(key);
        if (flow != null && !key.port().choice.serves(flow.endpoint)) {
            end(flow);
            flow = null;
        }
        if (flow == null) {
            flow = begin(key);
        }
        if (flow != null) {
            flow.lastUsed = nanoTime.getAsLong();
        }
        return flow;
    }

    private @Nullable UdpFlow begin(UdpFlow.Key key) {
        if (flows.size() >= mostFlows) {
            end(flows.values().iterator().next());
        }
        IpPort endpoint = key.port().choice.choose(key.client().getAddress());
        try {
            DatagramChannel channel = key.port().served.datagramChannel();
            try {
                channel.configureBlocking(false);
                channel.connect(LocalhostPort.socketAddress(endpoint));
                UdpFlow flow = new UdpFlow(key, endpoint, channel);
                channel.register(selector, SelectionKey.OP_READ, flow);
                flows.put(key, flow);
                openFlows = flows.size();
                return flow;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            LOG.debug(
                    "localhost node port {}: dropped a datagram, because no socket to the endpoint can be opened",
                    key.port().name(),
                    e);
            return null;
        }
    }

    private void fromEndpoint(UdpFlow flow) {
        try {
            buffer.clear();
            flow.channel.read(buffer);
            buffer.flip();
        } catch (IOException e) {
            LOG.debug("localhost node port {}: {} unreachable", flow.key.port().name(), flow.endpoint, e);
            end(flow);
            return;
        }
        Objects.requireNonNull(flows.get(flow.key)).lastUsed = nanoTime.getAsLong();
        try {
            flow.key.port().channel.send(buffer, flow.key.client());
        } catch (IOException e) {
            LOG.debug(
                    "localhost node port {}: dropped a reply, because it cannot be sent to the client",
                    flow.key.port().name(),
                    e);
        }
    }

    private void end(Predicate<UdpFlow> which) {
        List<UdpFlow> ending = new ArrayList<>();
        for (UdpFlow flow : flows.values()) {
            if (which.test(flow)) {
                ending.add(flow);
            }
        }
        ending.forEach(this::end);
    }

    private void end(UdpFlow flow) {
        flows.remove(flow.key, flow);
        openFlows = flows.size();
        Sockets.close(flow.channel);
    }
}
