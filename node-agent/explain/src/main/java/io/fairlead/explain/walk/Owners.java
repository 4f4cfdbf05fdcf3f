package io.fairlead.explain.walk;

import io.fairlead.core.plan.Origin;
import io.fairlead.explain.model.NodeRule;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.explain.model.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the program that wrote a rule, by the names of tables and chains and by comments. */
public final class Owners {
    static final String UNKNOWN = "another program";
    static final String ROUTING = "the routing tables";

    /** The name of a program, and a pattern for the names of its tables and chains, its targets and its comments. */
    private record Owner(String name, Pattern pattern) {
        Owner(String name, String pattern) {
            this(name, Pattern.compile(pattern));
        }
    }

    private static final List<Owner> OWNERS = List.of(
            new Owner("kubelet", "KUBE-FIREWALL|KUBE-KUBELET-CANARY|KUBE-IPTABLES-HINT"),
            new Owner("kube-router", "KUBE-ROUTER.*|KUBE-NWPLCY.*|KUBE-POD-FW.*|KUBE-SRC-.*|KUBE-DST-.*"),
            new Owner("ip-masq-agent", "IP-MASQ.*|ip-masq.*"),
            new Owner("a CNI plugin", "CNI-.*|cni_.*|name: \".*\" id: .*"),
            new Owner("Calico", "cali[-:_].*|calico.*"),
            new Owner("Cilium", "CILIUM_.*|OLD_CILIUM_.*|cilium.*"),
            new Owner("Flannel", "FLANNEL-.*|flannel.*"),
            new Owner("Weave Net", "WEAVE.*"),
            new Owner("Antrea", "ANTREA-.*|Antrea.*|antrea.*"),
            new Owner("Amazon VPC CNI", "AWS-.*"),
            new Owner("kindnet", "KIND-.*|kindnet.*"),
            new Owner("NodeLocal DNSCache", "NodeLocal DNS.*"),
            new Owner("kube-proxy", "KUBE-.*|kube-proxy|kubernetes .*"),
            new Owner("Docker", "DOCKER.*|docker.*"),
            new Owner("Podman", "NETAVARK.*|netavark.*"),
            new Owner("firewalld", "firewalld|FWD[IO]_.*|IN_.*_(allow|deny|log|pre|post)|FORWARD_(IN|OUT)_ZONES.*"),
            new Owner("ufw", "ufw6?-.*"),
            new Owner("Tailscale", "ts-.*"),
            new Owner("fail2ban", "f2b-.*"),
            new Owner("libvirt", "LIBVIRT_.*|libvirt.*"),
            new Owner("Istio", "ISTIO_.*"),
            new Owner("NetworkManager", "nm-.*|sh-(in|fw)-.*"),
            new Owner("systemd", "io\\.systemd.*"),
            new Owner("Incus or LXD", "lxd|incus"),
            new Owner("CrowdSec", "crowdsec.*|CROWDSEC.*"));

    private static final Pattern SERVICE = Pattern.compile("[a-z0-9][a-z0-9.-]*/[a-z0-9][a-z0-9.-]*(:[a-z0-9-]+)?");
    /** Matches the chains of kube-proxy 1.37 in nftables mode, for example "service-ULMVA6XW-ns1/svc1/tcp/p80". */
    private static final Pattern CHAIN_OF_SERVICE =
            Pattern.compile("(?:service|external|firewall|endpoint)-[A-Z0-9]+-([^/]+)/([^/]+)/[a-z]+/([^/_]*).*");

    private Owners() {}

    /**
     * Returns the origin of a rule that the proxy's own tracer did not follow: the name of the program that wrote it.
     * For a rule of the proxy, the origin is the Service port if the comment or the name of the chain contains it,
     * otherwise {@link Origin.Node}.
     */
    static Origin of(RuleTable table, String chain, NodeRule rule) {
        String owner = owner(table, chain, rule);
        return owner.equals("kube-proxy") ? ofProxy(chain, rule) : origin(owner);
    }

    private static Origin ofProxy(String chain, NodeRule rule) {
        Matcher comment = SERVICE.matcher(rule.comment());
        if (comment.lookingAt()) {
            return new Origin.Unknown(comment.group());
        }
        Matcher name = CHAIN_OF_SERVICE.matcher(chain);
        return name.matches()
                ? new Origin.Unknown(
                        name.group(1) + "/" + name.group(2) + (name.group(3).isEmpty() ? "" : ":" + name.group(3)))
                : new Origin.Node();
    }

    /** Returns the name of the program that wrote a rule; {@link #UNKNOWN} if no name or comment shows it. */
    public static String owner(RuleTable table, String chain, NodeRule rule) {
        for (String name : List.of(table.name(), chain, target(rule), rule.comment())) {
            for (Owner owner : OWNERS) {
                if (!name.isEmpty() && owner.pattern().matcher(name).matches()) {
                    return owner.name();
                }
            }
        }
        return UNKNOWN;
    }

    private static String target(NodeRule rule) {
        for (Statement statement : rule.statements()) {
            if (statement instanceof Statement.Jump(String chain)) {
                return chain;
            }
            if (statement instanceof Statement.GoTo(String chain)) {
                return chain;
            }
        }
        return "";
    }

    /** Returns the origin for a step in a rule of another program than the proxy. */
    static Origin origin(String owner) {
        return new Origin.Unknown(owner);
    }

    /**
     * Returns whether a step is in a rule of another program than the proxy, or is a decision of the routing tables.
     */
    static boolean isOther(Origin origin) {
        return origin instanceof Origin.Unknown(String label)
                && (label.equals(UNKNOWN)
                        || label.equals(ROUTING)
                        || OWNERS.stream().anyMatch(owner -> owner.name().equals(label)));
    }
}
