package io.fairlead.doctor;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.explain.model.RuleTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Checks for what an earlier proxy, mode or version left on the node. */
final class Leftovers {
    private static final Set<String> OLD_CHAINS = Set.of("KUBE-MARK-DROP", "KUBE-FIREWALL");

    private Leftovers() {}

    static List<Diagnosis> of(Examined node) {
        List<Diagnosis> found = new ArrayList<>();
        ipvs(node, found);
        otherMode(node, found);
        oldChains(node, found);
        return found;
    }

    private static void ipvs(Examined node, List<Diagnosis> found) {
        boolean device = node.links().stream().anyMatch(link -> link.name().equals("kube-ipvs0"));
        int servers = node.virtualServers().size();
        if (device || servers > 0) {
            found.add(Diagnosis.error(
                    "leftover-ipvs",
                    "IPVS mode left " + servers + " virtual servers" + (device ? " and the interface kube-ipvs0" : ""),
                    "the addresses of Services on kube-ipvs0 are local, and IPVS takes their packets before rules of"
                            + " forwarding see them; connections go to old endpoints",
                    "if no kube-proxy in IPVS mode runs any more: ipvsadm --clear; ip link delete kube-ipvs0"));
        }
    }

    private static void otherMode(Examined node, List<Diagnosis> found) {
        ProxyMode other = RuleChecks.other(node.mode());
        if (node.length(node.mode()) > 0 && node.length(other) > 0) {
            found.add(Diagnosis.error(
                    "leftover-mode",
                    "beside the rules of " + node.mode().text() + " mode there are " + node.length(other) + " rules of "
                            + other.text() + " mode",
                    "a packet is translated by the rules that it meets first, which are no longer kept up to date",
                    "remove them: fairlead cleanup --proxy-mode " + other.text()));
        }
    }

    private static void oldChains(Examined node, List<Diagnosis> found) {
        Set<String> loadBalancers = new TreeSet<>();
        Set<String> old = new TreeSet<>();
        for (RuleTable table : node.rules().tables()) {
            if (table.tool() == RuleTable.Tool.NFT) {
                continue;
            }
            for (String chain : table.chains().keySet()) {
                if (chain.startsWith("KUBE-XLB-")) {
                    loadBalancers.add(chain);
                } else if (OLD_CHAINS.contains(chain)) {
                    old.add(table.place(chain));
                }
            }
        }
        if (!loadBalancers.isEmpty()) {
            found.add(Diagnosis.warning(
                    "leftover-chains",
                    loadBalancers.size() + " chains KUBE-XLB- of kube-proxy before 1.24",
                    "they still translate packets to endpoints of that time if a rule jumps to them",
                    "delete them: iptables -t nat -F CHAIN; iptables -t nat -X CHAIN"));
        }
        if (old.contains("nat KUBE-MARK-DROP")) {
            found.add(Diagnosis.note(
                    "leftover-chains",
                    "the chains of kubelet before 1.28 are still there: " + String.join(", ", old),
                    "kubelet does not keep them up to date any more; the mark 0x8000 that they drop may be used by"
                            + " another program",
                    "restart the node, or delete them after checking that no rule uses them"));
        }
    }
}
