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
 * The objects that one Service port adds to the table of its family. Service ports that share a ClusterIP or a pod
 * share elements.
 *
 * @param elements the elements in sets and maps that all Services share
 * @param sets the port's own sets, for source ranges and client affinity
 * @param chains the port's own chains, for source ranges and client affinity
 * @param picks the pick chains that must exist
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
