package io.fairlead.doctor;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.NodePortAddresses;
import io.fairlead.core.plan.ProxyMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reports what changes on a node, with these Services, if the node changes to nftables mode or to Fairlead. */
public final class Migration {

    /** The mode or proxy to which the node changes. */
    public enum Target {
        /** nftables mode, of kube-proxy or of Fairlead. */
        nftables,
        /** Fairlead in the mode that the node has. */
        fairlead
    }

    private Migration() {}

    /**
     * Returns the consequences of the change: errors first, then warnings, then notes. Without objects, returns only
     * the consequences that do not depend on objects.
     */
    public static List<Diagnosis> to(Target target, Examined node) {
        List<Diagnosis> found = new ArrayList<>();
        schedulers(node, found);
        switch (target) {
            case nftables -> {
                if (node.mode() == ProxyMode.IPTABLES) {
                    toNftables(node, found);
                }
            }
            case fairlead -> toFairlead(node, found);
        }
        return found.stream().sorted(Comparator.comparing(Diagnosis::severity)).toList();
    }

    private static void toNftables(Examined node, List<Diagnosis> found) {
        nodePorts(node, found);
        for (String reference : RuleChecks.references(node)) {
            found.add(Diagnosis.error(
                    "migrate-references",
                    "a rule of another program uses a chain of the proxy: " + reference,
                    "nftables mode has no such chain; the rule will do nothing once the chain is removed",
                    "change the program that wrote it"));
        }
        long refused = node.trial().entrySet().stream()
                .filter(feature -> feature.getKey().startsWith("nft: "))
                .filter(feature -> !feature.getValue().equals("works")
                        && !feature.getValue().startsWith("not tried"))
                .count();
        if (refused > 0) {
            found.add(Diagnosis.error(
                    "migrate-features",
                    "the kernel or nft refuses " + refused
                            + " of the features that nftables mode needs (see the check kernel-feature)",
                    "the rules could not be written, and no Service would work",
                    "keep iptables mode on this node, or change its kernel"));
        }
        if (Version.find(node.kernel())
                .filter(kernel -> kernel.isBefore(5, 13, 0))
                .isPresent()) {
            found.add(Diagnosis.error(
                    "migrate-kernel",
                    "the kernel is " + node.kernel(),
                    "nftables mode is refused before Linux 5.13",
                    "upgrade the kernel first"));
        }
        found.add(Diagnosis.note(
                "migrate-invalid",
                "iptables mode drops packets that conntrack calls INVALID; nftables mode does not",
                "kube-proxy's nftables mode sets nf_conntrack_tcp_be_liberal only if it is configured; with strict"
                        + " tracking, such a packet may end its connection with a reset",
                "set conntrack.tcpBeLiberal to true if large downloads through this node are reset"));
        clients(node, found);
    }

    private static void nodePorts(Examined node, List<Diagnosis> found) {
        Cluster cluster = node.cluster();
        if (cluster == null) {
            found.add(Diagnosis.note(
                    "migrate-node-ports",
                    "no objects are given, so what changes for node ports is not known",
                    "nftables mode serves node ports on the primary addresses of the node only, and not on localhost",
                    "give the objects with -f or --kubeconfig"));
            return;
        }
        SortedSet<String> services = new TreeSet<>();
        for (IpFamily family : IpFamily.values()) {
            cluster.plan()
                    .ports(family)
                    .filter(port -> port.frontends().stream().anyMatch(Frontend.NodePort.class::isInstance))
                    .forEach(port -> services.add(port.name().service().toString()));
        }
        boolean everywhere =
                cluster.plan().node(IpFamily.IPV4).nodePortAddresses() instanceof NodePortAddresses.AnyLocal;
        if (services.isEmpty() || !everywhere) {
            return;
        }
        found.add(Diagnosis.warning(
                "migrate-localhost",
                services.size() + " Services have node ports, which iptables mode also serves on 127.0.0.1: "
                        + RuleChecks.named(services),
                "kube-proxy's nftables mode does not serve node ports on localhost",
                "use another address of the node, or Fairlead's feature gate KubeProxyNFTablesLocalhostNodePorts"));
        int addresses = node.dump().routing().allAddresses().stream()
                .filter(ip -> !ip.isLoopback() && ip.family() == IpFamily.IPV4)
                .toList()
                .size();
        if (addresses > 1) {
            found.add(Diagnosis.warning(
                    "migrate-node-ports",
                    "the node has " + addresses + " IPv4 addresses, on all of which node ports are served now",
                    "nftables mode serves them on the primary address of the node only",
                    "set nodePortAddresses to the ranges that clients use, for example [\"0.0.0.0/0\"]"));
        }
    }

    private static void clients(Examined node, List<Diagnosis> found) {
        Cluster cluster = node.cluster();
        if (cluster == null) {
            return;
        }
        long sticky = cluster.state().services().values().stream()
                .map(ServiceObject::affinity)
                .filter(Affinity.ClientIp.class::isInstance)
                .count();
        if (sticky > 0) {
            found.add(Diagnosis.note(
                    "migrate-affinity",
                    sticky + " Services have ClientIP affinity",
                    "remembered clients are in lists of the old mode, and each client is assigned to an endpoint again, once",
                    "change the mode while few sessions depend on it"));
        }
    }

    private static void schedulers(Examined node, List<Diagnosis> found) {
        SortedSet<String> others = new TreeSet<>(node.virtualServers());
        if (others.isEmpty()) {
            return;
        }
        others.remove("rr");
        others.remove("random");
        found.add(new Diagnosis(
                "migrate-ipvs",
                others.isEmpty() ? Severity.NOTE : Severity.WARNING,
                "the node is in IPVS mode"
                        + (others.isEmpty() ? "" : ", with the schedulers " + String.join(", ", others)),
                "iptables and nftables mode choose each endpoint with the same probability, whatever its load or the"
                        + " client is",
                others.isEmpty()
                        ? "restart the node after the change, so that no virtual server stays"
                        : "check that no Service depends on the scheduler; ClientIP affinity replaces sh"));
    }

    private static void toFairlead(Examined node, List<Diagnosis> found) {
        found.add(Diagnosis.note(
                "migrate-rules",
                "Fairlead takes over the rules of kube-proxy in " + node.mode().text() + " mode",
                "it uses the same names of chains and tables, and only changes what differs; connections stay",
                "fairlead diff shows the changes before the first write; agent --dry-run watches for a while"));
        if (node.programs().contains("kube-proxy")) {
            found.add(Diagnosis.warning(
                    "migrate-kube-proxy",
                    "kube-proxy runs",
                    "two proxies remove each other's rules",
                    "delete the DaemonSet kube-proxy when Fairlead starts; do not run kube-proxy --cleanup"));
        }
        RuleChecks.references(node).stream()
                .limit(1)
                .forEach(reference -> found.add(Diagnosis.note(
                        "migrate-references",
                        "a rule of another program uses a chain of the proxy: " + reference,
                        "in iptables mode Fairlead keeps these chains, also with the same names",
                        "nothing in iptables mode")));
    }
}
