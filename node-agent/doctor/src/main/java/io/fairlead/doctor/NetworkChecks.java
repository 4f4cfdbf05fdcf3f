package io.fairlead.doctor;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.NodePortAddresses;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.explain.model.RuleChain;
import io.fairlead.explain.model.RuleTable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Checks bridges, filters of source addresses, node ports on localhost, the MTU of interfaces, and the addresses of
 * node ports.
 */
final class NetworkChecks {
    private static final String CONF = "net.ipv4.conf.";

    private NetworkChecks() {}

    static List<Diagnosis> of(Examined node) {
        List<Diagnosis> found = new ArrayList<>();
        bridges(node, found);
        sourceFilter(node, found);
        localhost(node, found);
        sizes(node, found);
        nodePorts(node, found);
        return found;
    }

    private static void bridges(Examined node, List<Diagnosis> found) {
        SortedSet<String> bridges = new TreeSet<>();
        node.links().stream()
                .filter(link -> link.kind().equals("bridge") && !link.name().startsWith("docker"))
                .forEach(link -> bridges.add(link.name()));
        if (bridges.isEmpty() || node.settings().isEmpty()) {
            return;
        }
        String name = "net.bridge.bridge-nf-call-iptables";
        if (node.setting(name).orElse(0) == 0) {
            found.add(Diagnosis.warning(
                    "br-netfilter",
                    (node.settings().containsKey(name) ? name + " is 0" : "the module br_netfilter is not loaded")
                            + ", and there are bridges: " + String.join(", ", bridges),
                    "if pods are on such a bridge, answers between two pods of this node skip the rules; a pod that"
                            + " calls a Service whose endpoint is on the same bridge gets answers from a wrong address",
                    "modprobe br_netfilter; sysctl -w " + name + "=1 (not needed if the plugin routes packets)"));
        }
    }

    private static void sourceFilter(Examined node, List<Diagnosis> found) {
        boolean byMark = node.dump().routing().rules().stream().anyMatch(rule -> rule.mask() != 0);
        SortedSet<String> strict = new TreeSet<>();
        boolean all = node.setting(CONF + "all.rp_filter").orElse(0) == 1;
        node.settings().forEach((name, value) -> {
            if (name.startsWith(CONF)
                    && name.endsWith(".rp_filter")
                    && (value.equals("1") || (all && value.equals("0")))) {
                strict.add(name.substring(CONF.length(), name.length() - ".rp_filter".length()));
            }
        });
        strict.removeAll(List.of("all", "default", "lo"));
        if (byMark && !strict.isEmpty()) {
            found.add(Diagnosis.warning(
                    "rp-filter",
                    "rp_filter is strict (1) on " + RuleChecks.named(strict)
                            + ", and routing rules depend on packet marks",
                    "the check of the source address does not see the mark, so answers that come in on another"
                            + " interface than the main table says are dropped",
                    "set rp_filter to 2 (loose) on these interfaces"));
        }
    }

    private static void localhost(Examined node, List<Diagnosis> found) {
        boolean on = node.setting(CONF + "all.route_localnet").orElse(0) == 1;
        if (!on) {
            return;
        }
        boolean guarded = node.rules().tables().stream()
                .filter(table -> table.tool() != RuleTable.Tool.NFT)
                .map(table -> table.chain("KUBE-FIREWALL"))
                .anyMatch(chain -> chain != null && hasGuard(chain));
        if (!guarded) {
            found.add(Diagnosis.warning(
                    "route-localnet",
                    CONF + "all.route_localnet is 1, and no rule of KUBE-FIREWALL blocks packets to 127.0.0.0/8 from"
                            + " outside",
                    "hosts on the same network can reach programs that listen on localhost only",
                    node.mode() == ProxyMode.NFTABLES
                            ? "set it to 0: nftables mode does not need it"
                            : "set iptables.localhostNodePorts to false in the proxy's configuration and the setting to"
                                    + " 0, or let kubelet write its rule (makeIPTablesUtilChains)"));
        }
    }

    private static boolean hasGuard(RuleChain chain) {
        return chain.rules().stream().anyMatch(rule -> rule.text().contains("127.0.0.0/8"));
    }

    private static void sizes(Examined node, List<Diagnosis> found) {
        OptionalInt outside = node.links().stream()
                .filter(Link::isOfNode)
                .mapToInt(Link::mtu)
                .filter(mtu -> mtu > 0)
                .max();
        SortedSet<String> larger = new TreeSet<>();
        node.links().stream()
                .filter(link -> link.isOfPods() && outside.isPresent() && link.mtu() > outside.getAsInt())
                .forEach(link -> larger.add(link.name() + " (" + link.mtu() + ")"));
        if (!larger.isEmpty()) {
            found.add(Diagnosis.error(
                    "mtu",
                    "interfaces of pods have a larger MTU than those of the node (" + outside.getAsInt() + "): "
                            + RuleChecks.named(larger),
                    "large packets of pods need an ICMP error to become smaller; where it is lost, connections stop"
                            + " after the first large answer",
                    "set the MTU of the network plugin to at most that of the node, minus the header of its tunnel"));
        }
    }

    private static void nodePorts(Examined node, List<Diagnosis> found) {
        Cluster cluster = node.cluster();
        if (cluster == null) {
            return;
        }
        for (IpFamily family : IpFamily.values()) {
            boolean used = cluster.plan()
                    .ports(family)
                    .anyMatch(port -> port.frontends().stream().anyMatch(Frontend.NodePort.class::isInstance));
            boolean none = cluster.plan().node(family).nodePortAddresses()
                            instanceof NodePortAddresses.Only(List<Ip> addresses)
                    && addresses.isEmpty();
            if (used && none) {
                found.add(Diagnosis.error(
                        "node-port-addresses",
                        "no " + family + " address of the node is in nodePortAddresses, and Services have node ports",
                        "no node port of this family is served on this node",
                        "correct nodePortAddresses in the proxy's configuration; in nftables mode the default is"
                                + " the primary address of the node"));
            }
        }
    }
}
