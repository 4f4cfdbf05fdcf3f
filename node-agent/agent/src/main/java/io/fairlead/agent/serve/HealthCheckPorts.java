package io.fairlead.agent.serve;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.HealthCheck;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves health check node ports (LBF-10 to LBF-20). On these ports, cloud load balancers ask how many endpoints of a
 * Service are on this node. Only one thread may call {@link #update}; it is called after each successful sync. Other
 * threads answer requests.
 */
public final class HealthCheckPorts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthCheckPorts.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The addresses of one IP family to listen on. */
    public sealed interface Addresses {
        /** All addresses of the node. */
        record Every() implements Addresses {}

        /** Only these addresses. The set is empty if the node has no address for node ports. */
        record Only(SortedSet<Ip> ips) implements Addresses {
            /** Copies the set. */
            public Only {
                ips = new TreeSet<>(ips);
            }
        }
    }

    /**
     * The health check node port of a Service and the addresses on which it is served.
     *
     * @param hosts the addresses, including the wildcards 0.0.0.0 and ::
     */
    private record Wanted(int port, SortedSet<String> hosts) {
        private static final String EVERY_IPV4 = "0.0.0.0";
        private static final String EVERY_IPV6 = "::";

        /**
         * Returns the addresses on which sockets must be opened. If the IPv6 wildcard is wanted, IPv4 addresses are
         * left out: the socket for the IPv6 wildcard also accepts IPv4 connections, and no IPv4 socket can have the
         * same port.
         */
        SortedSet<String> sockets() {
            if (!hosts.contains(EVERY_IPV6)) {
                return hosts;
            }
            return hosts.stream().filter(host -> host.contains(":")).collect(Collectors.toCollection(TreeSet::new));
        }

        /** Returns whether a connection to this address is served. */
        boolean has(InetAddress local) {
            return hosts.contains(local instanceof Inet6Address ? EVERY_IPV6 : EVERY_IPV4)
                    || hosts.contains(
                            Ip.parse(local.getHostAddress().split("%", 2)[0]).text());
        }
    }

    private static final class Service {
        private final Wanted wanted;
        private final List<Listener> listeners = new ArrayList<>();
        private volatile Map<IpFamily, Integer> counts = Map.of();

        private Service(Wanted wanted) {
            this.wanted = wanted;
        }
    }

    private final BooleanSupplier proxyHealthy;
    private final BiConsumer<ServiceName, String> listenFailure;
    private final Map<ServiceName, Service> services = new HashMap<>();
    private final Map<ServiceName, String> failures = new HashMap<>();

    /**
     * Creates an object that serves no port yet.
     *
     * @param proxyHealthy returns whether the rules are up to date (LBF-12)
     * @param listenFailure called with a Service and a message if the process cannot listen on the Service's port. It
     *     is called again only if the message changes, or after listening has succeeded in between (LBF-18)
     */
    public HealthCheckPorts(BooleanSupplier proxyHealthy, BiConsumer<ServiceName, String> listenFailure) {
        this.proxyHealthy = proxyHealthy;
        this.listenFailure = listenFailure;
    }

    /**
     * Sets the ports to serve and the numbers of endpoints to answer. Ports that are no longer in the list are closed.
     * A port whose number and addresses are unchanged stays open. If listening on a port failed before, it is tried
     * again.
     *
     * @param checks the health checks of all Services, at most one for each Service and IP family
     * @param addresses the addresses to listen on, for each IP family; all addresses if a family is missing
     */
    public void update(Collection<HealthCheck> checks, Map<IpFamily, Addresses> addresses) {
        Map<ServiceName, List<HealthCheck>> byService = new TreeMap<>();
        checks.forEach(check -> byService
                .computeIfAbsent(check.service(), _ -> new ArrayList<>())
                .add(check));
        Map<ServiceName, Wanted> wanted = new TreeMap<>();
        byService.forEach((name, ofService) -> wanted.put(name, wanted(ofService, addresses)));
        closeAllBut(wanted);
        wanted.forEach((name, what) -> {
            Service service = services.get(name);
            if (service == null) {
                service = open(name, what);
            }
            if (service != null) {
                service.counts = counts(byService.getOrDefault(name, List.of()));
            }
        });
    }

    /** Closes all ports. */
    @Override
    public void close() {
        closeAllBut(Map.of());
    }

    /** Returns the addresses on which the port of a Service is served; for tests. */
    List<InetSocketAddress> listening(ServiceName name) {
        Service service = services.get(name);
        return service == null
                ? List.of()
                : service.listeners.stream().map(Listener::address).toList();
    }

    private void closeAllBut(Map<ServiceName, Wanted> wanted) {
        services.entrySet().removeIf(entry -> {
            boolean goes = !entry.getValue().wanted.equals(wanted.get(entry.getKey()));
            if (goes) {
                entry.getValue().listeners.forEach(Listener::close);
            }
            return goes;
        });
        failures.keySet().retainAll(wanted.keySet());
    }

    private @Nullable Service open(ServiceName name, Wanted wanted) {
        Service service = new Service(wanted);
        for (String host : wanted.sockets()) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(host), wanted.port());
            try {
                service.listeners.add(Listener.open(address, (_, local) -> page(name, service, local)));
            } catch (IOException e) {
                service.listeners.forEach(Listener::close);
                failed(name, "cannot listen on " + host + " port " + wanted.port() + ": " + e.getMessage());
                return null;
            }
        }
        failures.remove(name);
        services.put(name, service);
        return service;
    }

    private void failed(ServiceName name, String message) {
        if (!message.equals(failures.put(name, message))) {
            LOG.error("health check node port of Service {}: {}; retrying after each sync", name, message);
            listenFailure.accept(name, message);
        }
    }

    private static Wanted wanted(List<HealthCheck> checks, Map<IpFamily, Addresses> addresses) {
        SortedSet<String> hosts = new TreeSet<>();
        for (HealthCheck check : checks) {
            switch (addresses.getOrDefault(check.family(), new Addresses.Every())) {
                case Addresses.Every _ ->
                    hosts.add(check.family() == IpFamily.IPV4 ? Wanted.EVERY_IPV4 : Wanted.EVERY_IPV6);
                case Addresses.Only only ->
                    only.ips().stream()
                            .filter(ip -> ip.family() == check.family())
                            .forEach(ip -> hosts.add(ip.text()));
            }
        }
        return new Wanted(checks.getFirst().port(), hosts);
    }

    private static Map<IpFamily, Integer> counts(List<HealthCheck> checks) {
        Map<IpFamily, Integer> counts = new EnumMap<>(IpFamily.class);
        checks.forEach(check -> counts.put(check.family(), check.localReadyEndpoints()));
        return Map.copyOf(counts);
    }

    /**
     * Returns the answer to any request: the number of the Service's endpoints on this node for the connection's IP
     * family (LBF-11, LBF-13 to LBF-15). If the port is not served on the address of the connection, the answer has the
     * status 404.
     */
    private Page page(ServiceName name, Service service, InetAddress local) {
        if (!service.wanted.has(local)) {
            return Page.text(404, "health checks of Services are not answered on this address\n");
        }
        IpFamily family = local instanceof Inet6Address ? IpFamily.IPV6 : IpFamily.IPV4;
        Map<IpFamily, Integer> counts = service.counts;
        int count =
                counts.getOrDefault(family, counts.values().stream().findFirst().orElse(0));
        boolean healthy = proxyHealthy.getAsBoolean();
        String body = "{\n\t\"service\": {\n\t\t\"namespace\": " + JSON.writeValueAsString(name.namespace())
                + ",\n\t\t\"name\": " + JSON.writeValueAsString(name.name()) + "\n\t},\n\t\"localEndpoints\": " + count
                + ",\n\t\"serviceProxyHealthy\": " + healthy + "\n}";
        return Page.json(count > 0 && healthy ? 200 : 503, body)
                .with("X-Load-Balancing-Endpoint-Weight", Integer.toString(count));
    }
}
