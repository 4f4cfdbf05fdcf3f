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
 * Names of chains, sets and maps. What has kube-proxy's meaning has kube-proxy's name (NFT-2, NFT-5 to NFT-13), so that
 * a kube-proxy started over our table flushes it; it never sees names with "/" or sets called "affinity-", which it
 * takes for its own, and no set "hairpin-connections", whose type differs between its releases.
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
            "(?:fw|(?:(?:sticky|aff|affport|live|ep)(?:-local)?)|learn(?:-(?:local|mixed))?)-([A-Z2-7]{16})");
    private static final Pattern LIVE = Pattern.compile("live(-local)?-([A-Z2-7]{16})");
    private static final Map<String, Pool> POOLS =
            Stream.of(Pool.values()).collect(Collectors.toMap(Pool::prefix, Function.identity()));

    private Names() {}

    /** How a frontend is looked up, and which endpoints it may go to. */
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

        /** Whether frontends are node ports. */
        public boolean nodePort() {
            return nodePort;
        }

        /** Whether endpoints are this node's only. */
        public boolean local() {
            return local;
        }

        /** The map from frontend to pick chain: "cluster-pick", "np-local-pick". */
        public SetName picks() {
            return picks;
        }

        /** The map from frontend and index to endpoint: "tcp-endpoints", "np-local-udp-endpoints". */
        public SetName endpoints(Protocol protocol) {
            return Objects.requireNonNull(endpoints.get(protocol));
        }

        /** The chain that picks one of so many endpoints: "pick-3", "np-local-pick-1". */
        public ChainName pick(int size) {
            return new ChainName(prefix + "pick-" + size);
        }
    }

    /** A pick chain's name taken apart. */
    public record Pick(Pool pool, int size) {}

    /** What a pick chain is for; empty if the name is not that of one. */
    public static Optional<Pick> pick(ChainName name) {
        int pick = name.text().indexOf("pick-");
        if (pick < 0) {
            return Optional.empty(); // most names; asked for all of them at each change
        }
        Matcher matcher = PICK.matcher(name.text());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Pool pool = POOLS.get(name.text().substring(0, pick));
        return pool == null ? Optional.empty() : Optional.of(new Pick(pool, Integer.parseInt(matcher.group(1))));
    }

    /** The hash of the Service port that a chain or set is for; empty if it is for none. */
    public static Optional<String> hash(String name) {
        Matcher matcher = OF_SERVICE.matcher(name);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Chain in front of a load balancer IP with source ranges. */
    public static ChainName firewall(String hash) {
        return new ChainName("fw-" + hash);
    }

    /** Who may pass {@link #firewall}. */
    public static SetName firewallRanges(String hash) {
        return new SetName("fw-" + hash);
    }

    /** Names of what one pool of a Service port with client affinity needs. */
    public record Sticky(String hash, boolean local) {
        /** Chain that sends a client where it was before, or anywhere. */
        public ChainName chain() {
            return new ChainName(of("sticky"));
        }

        /** Chain that remembers where a client was sent. */
        public ChainName learn() {
            return new ChainName(of("learn"));
        }

        /** Map from client to endpoint, or to the address of one. */
        public SetName remembered() {
            return new SetName(of("aff"));
        }

        /** Map from client to port; IPv6 only. */
        public SetName rememberedPorts() {
            return new SetName(of("affport"));
        }

        /** Set of endpoints in the pool. */
        public SetName live() {
            return new SetName(of("live"));
        }

        /** Map from index to endpoint. */
        public SetName endpoints() {
            return new SetName(of("ep"));
        }

        private String of(String kind) {
            return kind + (local ? "-local-" : "-") + hash;
        }
    }

    /** The pool whose set of live endpoints has this name; empty if it is another set. */
    public static Optional<Sticky> stickyOfLive(SetName name) {
        Matcher matcher = LIVE.matcher(name.toString());
        return matcher.matches()
                ? Optional.of(new Sticky(matcher.group(2), matcher.group(1) != null))
                : Optional.empty();
    }

    /** Chain that tells, for an external address with policy Local, from which of two pools a client was served. */
    public static ChainName learnMixed(String hash) {
        return new ChainName("learn-mixed-" + hash);
    }

    /** Chain with the policy of a frontend: "cip", "np-ext-local". */
    public static ChainName policy(boolean nodePort, boolean external, boolean local) {
        return new ChainName((nodePort ? "np-" : "") + (external ? "ext" : "cip") + (local ? "-local" : ""));
    }
}
