package io.fairlead.nft.render;

import io.fairlead.nft.layout.Names;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.SetName;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one Service port puts into its family's table. Two ports that share a ClusterIP or a pod have elements in
 * common.
 *
 * @param elements in sets and maps that all Services share
 * @param sets the port's own, for source ranges and client affinity
 * @param chains the port's own, for source ranges and client affinity
 * @param picks pick chains that must be there
 */
public record PortRules(
        Map<SetName, List<Element>> elements, List<NamedSet> sets, List<Chain> chains, Set<Names.Pick> picks) {

    /** Copies the outer collections. */
    public PortRules {
        elements = Map.copyOf(elements);
        sets = List.copyOf(sets);
        chains = List.copyOf(chains);
        picks = Set.copyOf(picks);
    }
}
