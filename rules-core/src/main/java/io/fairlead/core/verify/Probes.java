package io.fairlead.core.verify;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.LocalDetector;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PortPlan;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The packets that test rules, in one address family. For each frontend there is one packet from each kind of sender
 * that policies distinguish. One sender represents all senders of its kind. Node ports are tested at a few addresses of
 * the node. Immutable.
 */
final class Probes {
    /**
     * The number of node addresses at which node ports are tested. A node may have hundreds of addresses, and the rules
     * treat all of them alike.
     */
    private static final int MOST_NODE_ADDRESSES = 4;
    /**
     * The maximum number of addresses that the search for a free address tries. If none of them is free, no packet is
     * sent from that kind of sender.
     */
    private static final int MOST_CANDIDATES = 10_000;

    private static final Ip OUTSIDE_IPV4 = Ip.parse("203.0.113.1");
    private static final Ip OUTSIDE_IPV6 = Ip.parse("2001:db8:ffff::1");

    private final NodePlan node;
    private final Host host;
    private final Set<Ip> known = new HashSet<>();
    private final List<Ip> nodeAddresses;
    private final Optional<Ip> client;
    private final Optional<Ip> pod;

    Probes(Plan plan, IpFamily family, Host host) {
        this.node = plan.node(family);
        this.host = host;
        plan.ports(family).forEach(port -> {
            port.clusterEndpoints().forEach(endpoint -> known.add(endpoint.ip()));
            port.localEndpoints().forEach(endpoint -> known.add(endpoint.ip()));
            port.frontends().stream().flatMap(Probes::vip).forEach(known::add);
        });
        this.nodeAddresses = host.addresses().stream()
                .filter(ip -> ip.family() == family)
                .sorted()
                .toList();
        this.client = stranger(family == IpFamily.IPV4 ? OUTSIDE_IPV4 : OUTSIDE_IPV6, _ -> true);
        this.pod = pod();
    }

    /** Returns all probes of one Service port. */
    Stream<Probe> of(PortPlan port) {
        return port.frontends().stream().flatMap(frontend -> of(port, frontend));
    }

    private Stream<Probe> of(PortPlan port, Frontend frontend) {
        return destinations(frontend)
                .flatMap(to -> Stream.of(Probe.Source.values())
                        .flatMap(source -> sender(source, port, frontend, to).stream()
                                .map(from -> new Probe(
                                        port.name(),
                                        frontend,
                                        source,
                                        new Flow(
                                                port.name().protocol(),
                                                from,
                                                to,
                                                frontend.port(),
                                                inputInterface(source))))));
    }

    private Stream<Ip> destinations(Frontend frontend) {
        return frontend instanceof Frontend.NodePort
                ? nodeAddresses.stream().limit(MOST_NODE_ADDRESSES)
                : vip(frontend);
    }

    private Optional<Ip> sender(Probe.Source source, PortPlan port, Frontend frontend, Ip to) {
        // The kernel drops packets from other hosts to a loopback address before Fairlead's rules see them.
        if (to.isLoopback() && source != Probe.Source.NODE) {
            return Optional.empty();
        }
        boolean firewalled = port.firewalled(frontend);
        return switch (source) {
            case CLIENT -> firewalled ? inRange(port) : client;
            case BARRED_CLIENT -> firewalled ? barred(port) : Optional.empty();
            case POD -> pod;
            case OWN_ENDPOINT ->
                // On this node, packets from an endpoint on another node do not count as packets from a local pod.
                Stream.concat(port.localEndpoints().stream(), port.clusterEndpoints().stream())
                        .filter(endpoint -> endpoint.place() != Endpoint.Place.OTHER_NODE)
                        .map(Endpoint::ip)
                        .filter(ip -> !host.isLocal(ip))
                        .findFirst();
            case NODE ->
                to.isLoopback()
                        ? Optional.of(to)
                        : nodeAddresses.stream().filter(ip -> !ip.isLoopback()).findFirst();
        };
    }

    private Optional<Ip> inRange(PortPlan port) {
        return port.allowedSources().ranges().stream()
                .flatMap(range -> stranger(range.network(), range::contains).stream())
                .findFirst();
    }

    private Optional<Ip> barred(PortPlan port) {
        return client.flatMap(
                first -> stranger(first, ip -> !port.allowedSources().contain(ip)));
    }

    private Optional<Ip> pod() {
        return switch (node.detector()) {
            case LocalDetector.None _ -> Optional.empty();
            case LocalDetector.SourceCidr(Cidr cidr) -> firstOf(cidr.network(), ip -> cidr.contains(ip) && isFree(ip));
            case LocalDetector.Interface _, LocalDetector.InterfacePrefix _ -> client;
        };
    }

    private @Nullable InterfaceName inputInterface(Probe.Source source) {
        return switch (source) {
            case NODE, CLIENT, BARRED_CLIENT -> null;
            case POD, OWN_ENDPOINT ->
                switch (node.detector()) {
                    case LocalDetector.None _, LocalDetector.SourceCidr _ -> null;
                    case LocalDetector.Interface(InterfaceName name) -> name;
                    case LocalDetector.InterfacePrefix(InterfaceName prefix) -> prefix;
                };
        };
    }

    /**
     * Returns the first address, starting with {@code from}, that fits, is free and is not in the range of the pods. An
     * address is free if no frontend, endpoint or node interface uses it. Empty if {@link #MOST_CANDIDATES} addresses
     * were tried without success.
     */
    private Optional<Ip> stranger(Ip from, Predicate<Ip> fits) {
        return firstOf(from, ip -> fits.test(ip) && isFree(ip) && !inPodRange(ip));
    }

    private boolean isFree(Ip ip) {
        return !known.contains(ip) && !host.isLocal(ip);
    }

    private boolean inPodRange(Ip ip) {
        return node.detector() instanceof LocalDetector.SourceCidr(Cidr cidr) && cidr.contains(ip);
    }

    /**
     * Returns the first address that fits, starting with {@code first} and counting up; empty if
     * {@link #MOST_CANDIDATES} addresses were tried without success.
     */
    private static Optional<Ip> firstOf(Ip first, Predicate<Ip> fits) {
        Ip candidate = first;
        for (int i = 0; i < MOST_CANDIDATES; i++) {
            if (fits.test(candidate)) {
                return Optional.of(candidate);
            }
            candidate = next(candidate);
        }
        return Optional.empty();
    }

    private static Ip next(Ip ip) {
        int length = ip.bytes().length;
        byte[] sum = new BigInteger(1, ip.bytes()).add(BigInteger.ONE).toByteArray();
        byte[] bytes = new byte[length];
        int copied = Math.min(length, sum.length);
        System.arraycopy(sum, sum.length - copied, bytes, length - copied, copied);
        return Ip.of(bytes);
    }

    private static Stream<Ip> vip(Frontend frontend) {
        return switch (frontend) {
            case Frontend.ClusterIp(Ip ip, int _) -> Stream.of(ip);
            case Frontend.ExternalIp(Ip ip, int _) -> Stream.of(ip);
            case Frontend.LoadBalancerIp(Ip ip, int _) -> Stream.of(ip);
            case Frontend.NodePort _ -> Stream.of();
        };
    }
}
