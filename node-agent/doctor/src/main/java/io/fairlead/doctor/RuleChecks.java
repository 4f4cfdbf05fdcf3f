package io.fairlead.doctor;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.explain.model.BaseHook;
import io.fairlead.explain.model.Hook;
import io.fairlead.explain.model.NodeRule;
import io.fairlead.explain.model.RuleChain;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.explain.walk.Owners;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks whether chains of other programs affect packets to Services, and whether more than one proxy runs or writes
 * rules on this node.
 */
final class RuleChecks {
    private static final List<String> NOT_OF_PROXY =
            List.of("KUBE-FIREWALL", "KUBE-KUBELET-CANARY", "KUBE-IPTABLES-HINT", "KUBE-ROUTER", "KUBE-NWPLCY");
    private static final int MOST_NAMED = 5;

    private RuleChecks() {}

    /** Returns whether a chain of iptables has one of the names that kube-proxy uses. */
    static boolean isOfProxy(String chain) {
        return chain.startsWith("KUBE-")
                && NOT_OF_PROXY.stream().noneMatch(chain::startsWith)
                && !chain.startsWith("KUBE-POD-FW")
                && !chain.startsWith("KUBE-SRC-")
                && !chain.startsWith("KUBE-DST-");
    }

    static List<Diagnosis> of(Examined node) {
        List<Diagnosis> found = new ArrayList<>();
        translators(node, found);
        closedForward(node, found);
        writers(node, found);
        return found;
    }

    private static boolean isOfProxy(RuleTable table) {
        return table.tool() == RuleTable.Tool.NFT && table.name().equals("kube-proxy");
    }

    /**
     * Reports chains of nftables that translate destinations before the proxy's chains or with the same priority. The
     * first chain that translates a packet decides. The order of chains with the same priority depends on which chain
     * was created first.
     */
    private static void translators(Examined node, List<Diagnosis> found) {
        Set<String> same = new LinkedHashSet<>();
        Set<String> earlier = new LinkedHashSet<>();
        for (RuleTable table : node.rules().tables()) {
            if (table.tool() != RuleTable.Tool.NFT || isOfProxy(table)) {
                continue;
            }
            for (RuleChain chain : table.chains().values()) {
                BaseHook hook = chain.hook();
                boolean translates = hook != null
                        && hook.type() == BaseHook.Type.NAT
                        && (hook.hook() == Hook.PREROUTING || hook.hook() == Hook.OUTPUT)
                        && !chain.rules().isEmpty();
                if (translates && hook != null && hook.priority() <= BaseHook.DESTINATION_NAT) {
                    (hook.priority() == BaseHook.DESTINATION_NAT ? same : earlier)
                            .add(table.place(chain.name()) + " of " + owner(table, chain));
                }
            }
        }
        if (!earlier.isEmpty()) {
            found.add(Diagnosis.warning(
                    "foreign-chains",
                    "packets pass these chains before the proxy's: " + named(earlier),
                    "a packet to a Service that they translate never reaches the proxy's rules",
                    "check with fairlead verify that they leave Services alone; their program must exclude the"
                            + " addresses of Services"));
        }
        if (!same.isEmpty()) {
            found.add(Diagnosis.warning(
                    "foreign-chains",
                    "these chains have the priority of the proxy's: " + named(same),
                    "which comes first depends on which was created first, and changes when a program restarts",
                    "give the chains of the other program another priority than dstnat (-100)"));
        }
    }

    private static String owner(RuleTable table, RuleChain chain) {
        return chain.rules().stream()
                .map(rule -> Owners.owner(table, chain.name(), rule))
                .findFirst()
                .orElse("another program");
    }

    /**
     * Reports base chains of the hook forward with the policy drop. Such a chain drops each forwarded packet that none
     * of its own rules accepts, even if a chain of another table accepts the packet.
     */
    private static void closedForward(Examined node, List<Diagnosis> found) {
        Set<String> closed = new LinkedHashSet<>();
        for (RuleTable table : node.rules().tables()) {
            for (RuleChain chain : table.chains().values()) {
                BaseHook hook = chain.hook();
                if (hook != null && hook.hook() == Hook.FORWARD && !hook.accepts()) {
                    closed.add(table.place(chain.name()));
                }
            }
        }
        if (!closed.isEmpty()) {
            found.add(Diagnosis.warning(
                    "forward-policy",
                    "the policy of " + named(closed) + " is drop",
                    "a forwarded packet to a pod is dropped unless a rule accepts it; an accept in another table does"
                            + " not help",
                    "set the policy to accept, or let the network plugin accept the pods' addresses there; fairlead"
                            + " why shows whether a Service is affected"));
        }
    }

    private static void writers(Examined node, List<Diagnosis> found) {
        Set<String> proxies = new TreeSet<>(node.programs());
        proxies.retainAll(Set.of("kube-proxy", "fairlead", "kube-router"));
        if (proxies.size() > 1) {
            found.add(Diagnosis.error(
                    "other-writers",
                    String.join(" and ", proxies) + " run at the same time",
                    "each removes what the other writes; connections fail at random",
                    "remove one: the DaemonSet kube-proxy, or that of Fairlead"));
        }
        if (node.programs().contains("cilium-agent")
                && node.lengths().values().stream().anyMatch(n -> n > 0)) {
            found.add(Diagnosis.note(
                    "other-writers",
                    "cilium-agent runs beside rules of a proxy",
                    "if Cilium replaces kube-proxy (kubeProxyReplacement), these rules serve nothing",
                    "check cilium status; then run fairlead cleanup or kube-proxy --cleanup"));
        }
        jumps(node, found);
    }

    /** Reports rules of other programs that jump to the proxy's chains. In nftables mode these chains do not exist. */
    private static void jumps(Examined node, List<Diagnosis> found) {
        List<String> jumps = references(node);
        if (!jumps.isEmpty()) {
            found.add(Diagnosis.note(
                    "references",
                    "rules of other programs use the proxy's chains: " + named(jumps),
                    "kube-proxy's chains are no interface; in nftables mode they do not exist",
                    "change these rules before the mode of the node changes"));
        }
    }

    /**
     * Returns the iptables rules of other programs that jump to a chain of the proxy. Base chains are not searched,
     * because they contain the proxy's own jumps.
     */
    static List<String> references(Examined node) {
        List<String> references = new ArrayList<>();
        for (RuleTable table : node.rules().tables()) {
            if (table.tool() == RuleTable.Tool.NFT) {
                continue;
            }
            for (RuleChain chain : table.chains().values()) {
                if (isOfProxy(chain.name())) {
                    continue;
                }
                for (NodeRule rule : chain.rules()) {
                    boolean ofProxy = rule.comment().startsWith("kubernetes ") || chain.hook() != null;
                    if (!ofProxy
                            && rule.text().contains("-j KUBE-")
                            && !rule.text().contains("-j KUBE-FIREWALL")) {
                        references.add(table.place(chain.name()) + " \"" + rule.text() + "\"");
                    }
                }
            }
        }
        return references;
    }

    static String named(Iterable<String> all) {
        List<String> list = new ArrayList<>();
        all.forEach(list::add);
        return String.join(", ", list.subList(0, Math.min(MOST_NAMED, list.size())))
                + (list.size() > MOST_NAMED ? " and " + (list.size() - MOST_NAMED) + " more" : "");
    }

    /** Returns the mode other than the given mode. */
    static ProxyMode other(ProxyMode mode) {
        return mode == ProxyMode.IPTABLES ? ProxyMode.NFTABLES : ProxyMode.IPTABLES;
    }
}
