package io.fairlead.doctor;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.model.NodeRule;
import io.fairlead.explain.model.RuleChain;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.explain.walk.Owners;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Checks the versions of the tools on the node, and whether both variants of iptables have rules. */
final class ToolChecks {

    private ToolChecks() {}

    static List<Diagnosis> of(Examined node) {
        List<Diagnosis> found = new ArrayList<>();
        Optional<Version> nft = node.version("nftables");
        if (node.mode() == ProxyMode.NFTABLES && nft.isPresent() && nft.get().isBefore(1, 0, 1)) {
            found.add(Diagnosis.warning(
                    "tools",
                    "nft is " + node.versions().get("nftables") + "; nftables mode needs 1.0.1 or later",
                    "kube-proxy refuses nftables mode with it, and so does Fairlead with --nft program",
                    "install a newer nft, or use iptables mode"));
        }
        if (node.mode() == ProxyMode.IPTABLES && !node.versions().containsKey("iptables")) {
            found.add(Diagnosis.error(
                    "tools",
                    "iptables is not installed, or its version could not be read",
                    "iptables mode writes rules with iptables-restore",
                    "install iptables, or run Fairlead's image, which contains it"));
        }
        variants(node, found);
        return found;
    }

    /**
     * Reports rules in both variants of iptables. The kernel applies both, and each tool shows only the rules of its
     * own variant.
     */
    private static void variants(Examined node, List<Diagnosis> found) {
        Map<Dump.Variant, SortedSet<String>> owners = new EnumMap<>(Dump.Variant.class);
        Dump.Variant used = node.dump().variant();
        for (RuleTable table : node.rules().tables()) {
            if (table.tool() == RuleTable.Tool.NFT) {
                continue;
            }
            Dump.Variant variant = table.tool() == RuleTable.Tool.IPTABLES
                    ? used
                    : used == Dump.Variant.NFT ? Dump.Variant.LEGACY : Dump.Variant.NFT;
            for (RuleChain chain : table.chains().values()) {
                for (NodeRule rule : chain.rules()) {
                    owners.computeIfAbsent(variant, _ -> new TreeSet<>()).add(Owners.owner(table, chain.name(), rule));
                }
            }
        }
        if (owners.size() > 1) {
            found.add(Diagnosis.warning(
                    "iptables-variants",
                    "both variants of iptables have rules: nft those of "
                            + String.join(", ", owners.get(Dump.Variant.NFT)) + "; legacy those of "
                            + String.join(", ", owners.get(Dump.Variant.LEGACY)),
                    "the kernel applies both, a packet must pass both, and each tool shows only one",
                    "make all programs use one variant (update-alternatives --config iptables, and the images of"
                            + " agents), then remove the rules of the other, for example with iptables-legacy -F"));
        }
    }
}
