package io.fairlead.nft.render;

import io.fairlead.nft.layout.Names;
import io.fairlead.nft.layout.Need;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.SetName;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The objects that one Service port adds to the table of one address family. Service ports with the same ClusterIP or
 * the same pod have some equal elements.
 *
 * @param elements the elements in sets and maps that all Services share
 * @param sets the Service port's own sets, for source ranges and ClientIP affinity
 * @param chains the Service port's own chains, for source ranges and ClientIP affinity
 * @param picks the pick chains that the Service port needs
 * @param needs the reasons for which the Service port needs base chains
 */
public record PortRules(
        Map<SetName, List<Element>> elements,
        List<NamedSet> sets,
        List<Chain> chains,
        Set<Names.Pick> picks,
        Set<Need> needs) {

    /** Copies the outer collections. */
    public PortRules {
        elements = Map.copyOf(elements);
        sets = List.copyOf(sets);
        chains = List.copyOf(chains);
        // Set.copyOf would make a HashSet first, which is much for two small sets in every change.
        picks = Set.of(picks.toArray(Names.Pick[]::new));
        needs = Set.of(needs.toArray(Need[]::new));
    }
}
