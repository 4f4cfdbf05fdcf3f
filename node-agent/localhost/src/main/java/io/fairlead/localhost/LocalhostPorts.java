package io.fairlead.localhost;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import java.io.Closeable;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves node ports on loopback addresses. Only one thread may call {@link #update}; any thread may call {@link
 * #listening} and {@link #failures}. The work for an update grows with the number of changed ports, not with the number
 * of all ports.
 */
public final class LocalhostPorts implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalhostPorts.class);

    /**
     * The greatest number of TCP connections that are open at one time. Each needs two sockets and two virtual threads.
     */
    private static final int MOST_CONNECTIONS = 4096;

    private static final int MOST_FLOWS = 4096;

    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final Semaphore connections = new Semaphore(MOST_CONNECTIONS);
    private final Map<ServiceName, Set<LocalhostPort.Key>> ofServices = new HashMap<>();
    private final Map<LocalhostPort.Key, Open> open = new HashMap<>();
    private final Map<LocalhostPort.Key, Failed> failures = new HashMap<>();
    /** Ports that stopped listening because of an error. The thread that serves the port adds the port to this set. */
    private final Set<LocalhostPort.Key> stopped = ConcurrentHashMap.newKeySet();
    /** Closed ports that still have open connections. */
    private final Set<TcpPort> closing = new HashSet<>();

    private final Map<IpFamily, AtomicLong> listening = zeros();
    private final Map<IpFamily, AtomicLong> failed = zeros();
    private @Nullable UdpPorts udp;

    private record Open(LocalhostPort port, EndpointChoice choice, Closeable listener) {}

    private record Failed(LocalhostPort port, String message) {}

    /**
     * Creates an instance that serves no port yet.
     *
     * @param nanoTime a clock in nanoseconds that never goes back, for affinity and idle flows
     */
    public LocalhostPorts(LongSupplier nanoTime, RandomGenerator random) {
        this.nanoTime = nanoTime;
        this.random = random;
    }

    private static Map<IpFamily, AtomicLong> zeros() {
        Map<IpFamily, AtomicLong> counts = new EnumMap<>(IpFamily.class);
        for (IpFamily family : IpFamily.values()) {
            counts.put(family, new AtomicLong());
        }
        return Collections.unmodifiableMap(counts);
    }

    private static AtomicLong of(Map<IpFamily, AtomicLong> counts, IpFamily family) {
        return Objects.requireNonNull(counts.get(family));
    }

    /**
     * Replaces the ports of some Services. A port that is served before and after the call stays open. Ports on which
     * listening failed earlier are tried again, whatever Service they belong to.
     *
     * @param changed for each changed Service, all its ports; an empty list if the Service has no ports any more
     */
    public void update(Map<ServiceName, List<LocalhostPort>> changed) {
        Set<LocalhostPort.Key> going = new HashSet<>();
        Map<LocalhostPort.Key, LocalhostPort> coming = new HashMap<>();
        changed.forEach((service, ports) -> {
            Set<LocalhostPort.Key> keys = ports.stream().map(LocalhostPort::key).collect(Collectors.toSet());
            Set<LocalhostPort.Key> before = keys.isEmpty() ? ofServices.remove(service) : ofServices.put(service, keys);
            going.addAll(before == null ? Set.of() : before);
            ports.forEach(port -> coming.put(port.key(), port));
        });
        // A port that moves from one Service to another stays open.
        going.removeAll(coming.keySet());
        going.forEach(this::close);
        takeStopped();
        failures.forEach((key, failure) -> coming.putIfAbsent(key, failure.port()));
        coming.values().forEach(this::serve);
    }

    /** Returns the number of ports of an IP family on which this process listens now. */
    public long listening(IpFamily family) {
        return of(listening, family).get();
    }

    /** Returns the number of failed attempts to listen on a port of an IP family, including repeated attempts. */
    public long failures(IpFamily family) {
        return of(failed, family).get();
    }

    /** Stops listening and ends all connections. */
    @Override
    public void close() {
        Set.copyOf(open.keySet()).forEach(this::close);
        ofServices.clear();
        closing.forEach(TcpPort::reset);
        closing.clear();
        if (udp != null) {
            udp.close();
        }
    }

    private void takeStopped() {
        for (LocalhostPort.Key key : Set.copyOf(stopped)) {
            stopped.remove(key);
            Open there = open.remove(key);
            if (there != null) {
                of(listening, key.family()).decrementAndGet();
                failures.put(key, new Failed(there.port(), "stopped"));
            }
        }
    }

    private void serve(LocalhostPort port) {
        Open there = open.get(port.key());
        if (there != null) {
            there.choice().update(port);
            open.put(port.key(), new Open(port, there.choice(), there.listener()));
            return;
        }
        EndpointChoice choice = new EndpointChoice(nanoTime, random);
        choice.update(port);
        try {
            open.put(port.key(), new Open(port, choice, listen(port, choice)));
            of(listening, port.family()).incrementAndGet();
            failures.remove(port.key());
        } catch (IOException e) {
            failed(port, "cannot listen on " + port.key().text() + ": " + e.getMessage());
        }
    }

    private Closeable listen(LocalhostPort port, EndpointChoice choice) throws IOException {
        return switch (port.protocol()) {
            case TCP -> new TcpPort(port, choice, connections, () -> stopped.add(port.key()));
            case UDP -> {
                if (udp == null || udp.hasEnded()) {
                    udp = new UdpPorts(nanoTime, MOST_FLOWS);
                }
                yield udp.open(port, choice, () -> stopped.add(port.key()));
            }
            case SCTP -> throw new IllegalStateException("refused by LocalhostPort");
        };
    }

    private void failed(LocalhostPort port, String message) {
        of(failed, port.family()).incrementAndGet();
        Failed before = failures.put(port.key(), new Failed(port, message));
        if (before == null || !before.message().equals(message)) {
            LOG.error("localhost node port of {}: {}; retrying after each sync", port.name(), message);
        }
    }

    private void close(LocalhostPort.Key key) {
        failures.remove(key);
        Open there = open.remove(key);
        if (there == null) {
            return;
        }
        of(listening, key.family()).decrementAndGet();
        try {
            there.listener().close();
        } catch (IOException e) {
            LOG.debug("cannot close the listener on {}", key.text(), e);
        }
        closing.removeIf(TcpPort::isIdle);
        if (there.listener() instanceof TcpPort port) {
            closing.add(port);
        }
    }
}
