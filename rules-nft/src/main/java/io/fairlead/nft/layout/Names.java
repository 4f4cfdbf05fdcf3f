package io.fairlead.nft.layout;

import io.fairlead.core.net.Protocol;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.SetName;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names of chains, sets and maps. If an object has the same meaning as an object of kube-proxy, it has the same
 * name (NFT-2, NFT-5 to NFT-13). Therefore a kube-proxy that starts while Fairlead's table exists flushes the object.
 * Fairlead does not use some names that kube-proxy would misunderstand: names that contain "/" and names of sets that
 * begin with "affinity-", because kube-proxy treats such objects as its own, and the set name "hairpin-connections",
 * because the type of that set differs between releases of kube-proxy.
 */
public final class Names {
    public static final ChainName FILTER_PREROUTING = new ChainName("filter-prerouting-pre-dnat");
    public static final ChainName FILTER_OUTPUT_EARLY = new ChainName("filter-output-pre-dnat");
    public static final ChainName FILTER_INPUT = new ChainName("filter-input");
    public static final ChainName FILTER_FORWARD = new ChainName("filter-forward");
    public static final ChainName FILTER_OUTPUT = new ChainName("filter-output");
    public static final ChainName NAT_PREROUTING = new ChainName("nat-prerouting");
    public static final ChainName NAT_OUTPUT = new ChainName("nat-output");
    public static final ChainName NAT_POSTROUTING = new ChainName("nat-postrouting");

    public static final ChainName SERVICES = new ChainName("services");
    public static final ChainName FIREWALL_CHECK = new ChainName("firewall-check");
    public static final ChainName NODE_PORT_ENDPOINTS_CHECK = new ChainName("nodeport-endpoints-check");
    public static final ChainName SERVICE_ENDPOINTS_CHECK = new ChainName("service-endpoints-check");
    public static final ChainName CLUSTER_IPS_CHECK = new ChainName("cluster-ips-check");
    public static final ChainName INPUT_CHECK = new ChainName("input-check");
    public static final ChainName FORWARD_CHECK = new ChainName("forward-check");
    public static final ChainName REJECT = new ChainName("reject-chain");
    public static final ChainName MASQUERADING = new ChainName("masquerading");
    public static final ChainName LEARN = new ChainName("learn");

    public static final SetName SERVICE_IPS = new SetName("service-ips");
    public static final SetName SERVICE_NODE_PORTS = new SetName("service-nodeports");
    public static final SetName NO_ENDPOINT_SERVICES = new SetName("no-endpoint-services");
    public static final SetName NO_ENDPOINT_NODE_PORTS = new SetName("no-endpoint-nodeports");
    public static final SetName FIREWALL_IPS = new SetName("firewall-ips");
    public static final SetName CLUSTER_IPS = new SetName("cluster-ips");
    public static final SetName NODE_PORT_IPS = new SetName("nodeport-ips");
    public static final SetName HAIRPIN = new SetName("hairpin");
    public static final SetName STICKY = new SetName("sticky");
    public static final SetName NODE_PORT_STICKY = new SetName("np-sticky");

    private static final Pattern PICK = Pattern.compile("(?:np-)?(?:local-)?pick-([1-9][0-9]{0,8})");
    private static final Pattern OF_SERVICE = Pattern.compile(
            "(?:(?:fw|(?:(?:sticky|aff|affport|live|ep)(?:-local)?)|learn(?:-(?:local|mixed))?)-([A-Z2-7]{16})"
                    + "|split(?:-local)?-([A-Z2-7]{16})(?:-[-a-z0-9]+)?)");
    private static final Pattern LIVE = Pattern.compile("live(-local)?-([A-Z2-7]{16})");
    private static final Map<String, Pool> POOLS =
            Stream.of(Pool.values()).collect(Collectors.toMap(Pool::prefix, Function.identity()));

    private Names() {}

    /**
     * The four kinds of pools. A pool is the list of endpoints from which a frontend chooses. The kinds differ in
     * whether the frontend is a node port, and in whether only endpoints of this node are used.
     */
    @SuppressWarnings("ImmutableEnumChecker") // names are records, and the map is never written after construction
    public enum Pool {
        VIP("", false, false),
        VIP_LOCAL("local-", false, true),
        NODE_PORT("np-", true, false),
        NODE_PORT_LOCAL("np-local-", true, true);

        private final String prefix;
        private final boolean nodePort;
        private final boolean local;
        private final SetName picks;
        private final Map<Protocol, SetName> endpoints = new EnumMap<>(Protocol.class);

        Pool(String prefix, boolean nodePort, boolean local) {
            this.prefix = prefix;
            this.nodePort = nodePort;
            this.local = local;
            this.picks = new SetName((nodePort ? "np-" : "") + (local ? "local-pick" : "cluster-pick"));
            for (Protocol protocol : Protocol.values()) {
                endpoints.put(protocol, new SetName(prefix + protocol.text() + "-endpoints"));
            }
        }

        private String prefix() {
            return prefix;
        }

        /** Returns whether the frontends of this kind of pool are node ports. */
        public boolean nodePort() {
            return nodePort;
        }

        /** Returns whether only endpoints of this node are used. */
        public boolean local() {
            return local;
        }

        /** Returns the name of the map from frontend to pick chain: "cluster-pick", "np-local-pick". */
        public SetName picks() {
            return picks;
        }

        /**
         * Returns the name of the map from frontend and slot (the number of an endpoint in its pool) to endpoint:
         * "tcp-endpoints", "np-local-udp-endpoints".
         */
        public SetName endpoints(Protocol protocol) {
            return Objects.requireNonNull(endpoints.get(protocol));
        }

        /** Returns the name of the chain that chooses one of {@code size} endpoints: "pick-3", "np-local-pick-1". */
        public ChainName pick(int size) {
            return new ChainName(prefix + "pick-" + size);
        }
    }

    /** The kind of pool and the number of endpoints for which a pick chain exists. They form the name of the chain. */
    public record Pick(Pool pool, int size) {}

    /** Returns the parts of the name of a pick chain; empty if the name belongs to another chain. */
    public static Optional<Pick> pick(ChainName name) {
        int pick = name.text().indexOf("pick-");
        if (pick < 0) {
            return Optional.empty(); // most names end here; the method is called for every chain at each change
        }
        Matcher matcher = PICK.matcher(name.text());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Pool pool = POOLS.get(name.text().substring(0, pick));
        return pool == null ? Optional.empty() : Optional.of(new Pick(pool, Integer.parseInt(matcher.group(1))));
    }

    /**
     * Returns the hash of the Service port to which a chain or set belongs; empty if the object belongs to no Service
     * port.
     */
    public static Optional<String> hash(String name) {
        Matcher matcher = OF_SERVICE.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(Objects.requireNonNullElseGet(matcher.group(1), () -> matcher.group(2)));
    }

    /** Returns the name of the chain that checks the source ranges of a load balancer IP. */
    public static ChainName firewall(String hash) {
        return new ChainName("fw-" + hash);
    }

    /** Returns the name of the set of clients that the chain {@link #firewall} accepts. */
    public static SetName firewallRanges(String hash) {
        return new SetName("fw-" + hash);
    }

    /**
     * The names of the objects for one pool of a Service port with ClientIP affinity.
     *
     * @param hash the hash of the Service port, see {@link io.fairlead.core.plan.ServicePortName#hash}
     * @param local whether the pool contains only endpoints of this node
     */
    public record Sticky(String hash, boolean local) {
        /**
         * Returns the name of the chain that sends a client to its earlier endpoint, or a new client to any endpoint.
         */
        public ChainName chain() {
            return new ChainName(of("sticky"));
        }

        /** Returns the name of the chain that stores which endpoint a client got, for ClientIP affinity. */
        public ChainName learn() {
            return new ChainName(of("learn"));
        }

        /**
         * Returns the name of the map from client to endpoint (IPv4), or from client to the address of the endpoint
         * (IPv6).
         */
        public SetName remembered() {
            return new SetName(of("aff"));
        }

        /** Returns the name of the map from client to the port of the endpoint; IPv6 only. */
        public SetName rememberedPorts() {
            return new SetName(of("affport"));
        }

        /** Returns the name of the set of endpoints in the pool. */
        public SetName live() {
            return new SetName(of("live"));
        }

        /** Returns the name of the map from slot (the number of an endpoint in the pool) to endpoint. */
        public SetName endpoints() {
            return new SetName(of("ep"));
        }

        private String of(String kind) {
            return kind + (local ? "-local-" : "-") + hash;
        }
    }

    /**
     * The names of the objects for one pool of a Service port whose traffic is split between backends.
     *
     * @param hash the hash of the Service port, see {@link io.fairlead.core.plan.ServicePortName#hash}
     * @param local whether the pool contains only endpoints of this node
     */
    public record Division(String hash, boolean local) {
        /** Returns the name of the chain that chooses a backend. */
        public ChainName chain() {
            return new ChainName(name());
        }

        /** Returns the name of the chain that chooses an endpoint of a backend. */
        public ChainName chain(String backend) {
            return new ChainName(name() + "-" + backend);
        }

        /** Returns the name of the map from slot (the number of an endpoint in the backend) to endpoint. */
        public SetName endpoints(String backend) {
            return new SetName(name() + "-" + backend);
        }

        private String name() {
            return (local ? "split-local-" : "split-") + hash;
        }
    }

    /**
     * Returns the names for the pool whose set {@link Sticky#live} has this name; empty if the name belongs to another
     * set.
     */
    public static Optional<Sticky> stickyOfLive(SetName name) {
        Matcher matcher = LIVE.matcher(name.toString());
        return matcher.matches()
                ? Optional.of(new Sticky(matcher.group(2), matcher.group(1) != null))
                : Optional.empty();
    }

    /**
     * Returns the name of the chain that finds the pool that served a client, for an external address with policy
     * Local.
     */
    public static ChainName learnMixed(String hash) {
        return new ChainName("learn-mixed-" + hash);
    }

    /**
     * Returns the name of the policy chain for a frontend: "cip", "np-ext-local".
     *
     * @param nodePort whether the frontend is a node port
     * @param external whether the frontend is not a ClusterIP
     * @param local whether the traffic policy is Local
     */
    public static ChainName policy(boolean nodePort, boolean external, boolean local) {
        return new ChainName((nodePort ? "np-" : "") + (external ? "ext" : "cip") + (local ? "-local" : ""));
    }
}
