package io.fairlead.cli;

import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Adds values to objects from manifests that the API server and the controllers of Kubernetes would add. A value is
 * computed from the name of the Service. Another value is chosen only if the computed value is already used. Therefore
 * a change of one Service rarely changes the values of other Services.
 */
final class Assumptions {
    /** The default range of kubeadm for ClusterIPs. */
    private static final List<Cidr> USUAL = List.of(Cidr.parse("10.96.0.0/12"));

    private static final Cidr ENDPOINTS = Cidr.parse("198.18.0.0/15");
    /** The first and the number of the node ports in the API server's default range. */
    private static final int FIRST_NODE_PORT = 30000;

    private static final int NODE_PORTS = 2768;
    private static final int MOST_NAMED = 10;
    private static final int MOST_TRIES = 100_000;

    private final AssumeOptions options;
    private final PrintWriter err;

    Assumptions(AssumeOptions options, PrintWriter err) {
        this.options = options;
        this.err = err;
        if (options.endpoints < 0 || options.endpoints > 1000) {
            throw new CommandException(
                    ExitCode.USAGE, "--assume-endpoints: must be from 0 to 1000, but is " + options.endpoints);
        }
    }

    /**
     * Adds the values that the options request. If they request no addresses, prints a warning for the Services that
     * have no rules because they have no address.
     */
    ClusterInput asAsked(ClusterInput input) {
        if (!options.serviceCidrs.isEmpty()) {
            return added(input, cidrs());
        }
        List<ServiceObject> without = input.state().services().values().stream()
                .filter(Assumptions::lacksAddress)
                .toList();
        without.stream()
                .limit(MOST_NAMED)
                .forEach(service -> err.println("warning: " + service.name()
                        + " has no clusterIP, so it gets no rules; the API server would assign a"
                        + " clusterIP, and so does --assume-service-cidr"));
        if (without.size() > MOST_NAMED) {
            err.println("warning: " + (without.size() - MOST_NAMED)
                    + " other Services have no clusterIP, so they get no rules");
        }
        return added(input, List.of());
    }

    /**
     * Adds an address to every Service that has none, even if the options do not request it, so that two sets of
     * manifests can be compared.
     */
    ClusterInput always(ClusterInput input) {
        return added(input, options.serviceCidrs.isEmpty() ? USUAL : cidrs());
    }

    private static boolean lacksAddress(ServiceObject service) {
        return service.selection() == ServiceObject.Selection.NO_CLUSTER_IP
                && service.type() != ServiceObject.Type.EXTERNAL_NAME
                && !service.ports().isEmpty();
    }

    private List<Cidr> cidrs() {
        List<Cidr> cidrs = new ArrayList<>();
        for (String text : options.serviceCidrs) {
            try {
                cidrs.add(Cidr.parse(text.strip()));
            } catch (IllegalArgumentException e) {
                throw new CommandException(ExitCode.USAGE, "--assume-service-cidr: " + e.getMessage());
            }
        }
        return cidrs;
    }

    private ClusterInput added(ClusterInput input, List<Cidr> cidrs) {
        ClusterState state = input.state();
        Set<Object> used = used(state);
        Map<ServiceName, ServiceObject> services = new TreeMap<>(state.services());
        Map<SliceObject.Key, SliceObject> slices = new TreeMap<>(state.slices());
        int[] named = {0};
        state.services().forEach((name, service) -> {
            ServiceObject with = service;
            if (!cidrs.isEmpty() && lacksAddress(service)) {
                with = assigned(service, cidrs, used);
                services.put(name, with);
                if (named[0]++ < MOST_NAMED) {
                    err.println("note: " + name + " has no clusterIP; assumed: " + described(with));
                }
            }
            if (options.endpoints > 0
                    && state.slices().values().stream()
                            .noneMatch(slice -> slice.service().equals(name))) {
                SliceObject slice = endpoints(with, used);
                slices.put(slice.key(), slice);
            }
        });
        if (named[0] > MOST_NAMED) {
            err.println("note: the same is assumed for " + (named[0] - MOST_NAMED) + " other Services");
        }
        err.flush();
        return new ClusterInput(
                ClusterState.of(services, slices, state.nodes(), state.serviceCidrs()),
                input.problems(),
                input.counts(),
                input.unreadable(),
                input.pods());
    }

    private static Set<Object> used(ClusterState state) {
        Set<Object> used = new HashSet<>();
        for (ServiceObject service : state.services().values()) {
            used.addAll(service.clusterIps().values());
            service.ports().forEach(port -> used.add(port.nodePort()));
        }
        state.slices().values().forEach(slice -> slice.endpoints().forEach(endpoint -> used.add(endpoint.ip())));
        return used;
    }

    private static ServiceObject assigned(ServiceObject service, List<Cidr> cidrs, Set<Object> used) {
        Map<IpFamily, Ip> ips = new TreeMap<>();
        for (Cidr cidr : cidrs) {
            ips.computeIfAbsent(cidr.family(), _ -> free(cidr, service.name().toString(), used));
        }
        boolean withNodePorts =
                service.type() == ServiceObject.Type.NODE_PORT || service.type() == ServiceObject.Type.LOAD_BALANCER;
        List<ServiceObject.Port> ports = new ArrayList<>();
        for (ServiceObject.Port port : service.ports()) {
            int nodePort = !withNodePorts || port.nodePort() != 0
                    ? port.nodePort()
                    : nodePort(service.name() + ":" + port.name() + "/" + port.protocol(), used);
            ports.add(new ServiceObject.Port(port.name(), port.protocol(), port.port(), nodePort));
        }
        return new ServiceObject(
                service.name(),
                service.type(),
                ServiceObject.Selection.SERVED,
                ips,
                ports,
                service.externalIps(),
                service.loadBalancerIps(),
                service.loadBalancerSourceRanges(),
                service.internalTrafficPolicy(),
                service.externalTrafficPolicy(),
                service.affinity(),
                service.healthCheckNodePort());
    }

    private static int nodePort(String key, Set<Object> used) {
        int start = Math.floorMod(key.hashCode(), NODE_PORTS);
        for (int i = 0; i < NODE_PORTS; i++) {
            int port = FIRST_NODE_PORT + (start + i) % NODE_PORTS;
            if (used.add(port)) {
                return port;
            }
        }
        return 0;
    }

    /**
     * Returns an unused address of a range, and marks it as used. The first and the last address of the range are never
     * returned.
     */
    private static Ip free(Cidr cidr, String key, Set<Object> used) {
        int bits = cidr.family().bits() - cidr.prefixLength();
        BigInteger size = BigInteger.ONE.shiftLeft(Math.min(bits, 62)).subtract(BigInteger.TWO);
        BigInteger network = new BigInteger(1, cidr.network().bytes());
        if (size.signum() > 0) {
            long hash = (Integer.toUnsignedLong(key.hashCode()) * 0x9E3779B97F4A7C15L) >>> 2;
            BigInteger start = BigInteger.valueOf(hash).mod(size);
            for (int i = 0; i < MOST_TRIES; i++) {
                BigInteger offset = start.add(BigInteger.valueOf(i)).mod(size).add(BigInteger.ONE);
                Ip ip = ip(network.add(offset), cidr.family());
                if (used.add(ip)) {
                    return ip;
                }
            }
        }
        throw new CommandException(ExitCode.USAGE, "no free address in " + cidr + " for " + key);
    }

    private static Ip ip(BigInteger number, IpFamily family) {
        byte[] from = number.toByteArray();
        byte[] bytes = new byte[family.bits() / 8];
        int copied = Math.min(bytes.length, from.length);
        System.arraycopy(from, from.length - copied, bytes, bytes.length - copied, copied);
        return Ip.of(bytes);
    }

    /**
     * Returns a slice with assumed endpoints. Their ports are the ports of the Service, because the target port in a
     * manifest may be a name whose number is not known.
     */
    private SliceObject endpoints(ServiceObject service, Set<Object> used) {
        List<SliceObject.SliceEndpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < options.endpoints; i++) {
            endpoints.add(new SliceObject.SliceEndpoint(
                    free(ENDPOINTS, service.name() + "#" + i, used), true, true, false, null, Set.of(), Set.of()));
        }
        return new SliceObject(
                service.name(),
                service.name().name() + "-assumed",
                IpFamily.IPV4,
                service.ports().stream()
                        .map(port -> new SliceObject.Port(port.name(), port.protocol(), port.port()))
                        .toList(),
                endpoints);
    }

    private static String described(ServiceObject service) {
        Predicate<ServiceObject.Port> hasNodePort = port -> port.nodePort() != 0;
        String nodePorts = String.join(
                ", ",
                service.ports().stream()
                        .filter(hasNodePort)
                        .map(port -> Integer.toString(port.nodePort()))
                        .toList());
        return "clusterIP "
                + String.join(
                        ", ",
                        service.clusterIps().values().stream()
                                .sorted()
                                .map(Ip::text)
                                .toList())
                + (nodePorts.isEmpty() ? "" : ", nodePort " + nodePorts);
    }
}
