package io.fairlead.nft.follow;

import io.fairlead.nft.layout.Names;
import io.fairlead.nft.render.PortRules;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.SetName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts how many Service ports use each element that several Service ports can share. These elements are ClusterIPs,
 * and pairs of a pod with itself (hairpin). Every other element belongs to one Service port, because only one Service
 * port holds a frontend.
 */
final class SharedElements {
    private static final List<SetName> SHARED = List.of(Names.CLUSTER_IPS, Names.HAIRPIN);

    private static final PortRules NONE = new PortRules(Map.of(), List.of(), List.of(), Set.of(), Set.of());

    private final Map<SetName, Map<Element, Integer>> holders = new HashMap<>();

    SharedElements() {
        SHARED.forEach(set -> holders.put(set, new HashMap<>()));
    }

    void add(PortRules port) {
        count(port, 1);
    }

    void remove(PortRules port) {
        count(port, -1);
    }

    /** Adds {@code difference} to the count of each element of a Service port, which has no duplicate elements. */
    private void count(PortRules port, int difference) {
        for (SetName set : SHARED) {
            Map<Element, Integer> counts = holders.getOrDefault(set, Map.of());
            for (Element element : port.elements().getOrDefault(set, List.of())) {
                int count = counts.getOrDefault(element, 0) + difference;
                if (count == 0) {
                    counts.remove(element);
                } else {
                    counts.put(element, count);
                }
            }
        }
    }

    /**
     * Returns the elements of these Service ports that other Service ports also use. The caller must remove these
     * Service ports from the count before the call.
     */
    PortRules heldByOthers(List<PortRules> ports) {
        Map<SetName, List<Element>> held = new HashMap<>();
        for (SetName set : SHARED) {
            Map<Element, Integer> counts = holders.getOrDefault(set, Map.of());
            Set<Element> ofOthers = new HashSet<>();
            for (PortRules port : ports) {
                for (Element element : port.elements().getOrDefault(set, List.of())) {
                    if (counts.containsKey(element)) {
                        ofOthers.add(element);
                    }
                }
            }
            if (!ofOthers.isEmpty()) {
                held.put(set, List.copyOf(ofOthers));
            }
        }
        return held.isEmpty() ? NONE : new PortRules(held, List.of(), List.of(), Set.of(), Set.of());
    }
}
