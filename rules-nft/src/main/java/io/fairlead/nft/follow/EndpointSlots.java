package io.fairlead.nft.follow;

import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stores the endpoint slots in the kernel, for pools in which they differ from the rendered slots. A slot is the number
 * of an endpoint in its pool. An endpoint keeps its slot while other endpoints are added and removed. Most pools have
 * the rendered slots, so little is stored.
 */
final class EndpointSlots {
    private final Map<SetName, Map<ElementKey, List<Element>>> unlikeRendered = new HashMap<>();

    /** Returns whether a pool of this set may differ in the kernel from what is rendered. */
    boolean mayDiffer(NamedSet rendered) {
        return unlikeRendered.containsKey(rendered.name());
    }

    /** Returns a set as it is in the kernel, from the set as it is rendered. */
    NamedSet inKernel(NamedSet rendered) {
        Map<ElementKey, List<Element>> moved = unlikeRendered.get(rendered.name());
        if (moved == null || !rendered.type().isPool()) {
            return rendered;
        }
        List<Element> elements = new ArrayList<>();
        for (Element element : rendered.elements()) {
            List<Element> pool = moved.get(element.key().pool());
            if (pool == null) {
                elements.add(element);
            } else if (element.key().equals(element.key().pool())) {
                elements.addAll(pool);
            }
        }
        return rendered.with(elements);
    }

    /** Forgets the slots of all pools in a table. */
    void forget(Table rendered) {
        for (NamedSet set : rendered.sets().values()) {
            if (isPool(set)) {
                forget(set);
            }
        }
    }

    private void forget(NamedSet set) {
        Map<ElementKey, List<Element>> moved = unlikeRendered.get(set.name());
        if (moved != null) {
            set.elements().forEach(element -> moved.remove(element.key()));
            if (moved.isEmpty()) {
                unlikeRendered.remove(set.name());
            }
        }
    }

    /**
     * Stores the slots of endpoints.
     *
     * @param rendered the pools as they are rendered
     * @param kernel returns the set with this name as it is in the kernel; null if the set does not exist
     */
    void note(Table rendered, Function<SetName, @Nullable NamedSet> kernel) {
        for (NamedSet set : rendered.sets().values()) {
            if (!isPool(set)) {
                continue;
            }
            NamedSet there = kernel.apply(set.name());
            int start = 0;
            while (there != null && start < set.elements().size()) {
                ElementKey first = set.elements().get(start).key();
                int end = start;
                List<Element> pool = new ArrayList<>(2);
                while (end < set.elements().size()
                        && set.elements().get(end).key().sharesPool(first)) {
                    @Nullable
                    Element element = there.find(set.elements().get(end).key());
                    if (element != null) {
                        pool.add(element);
                    }
                    end++;
                }
                if (!pool.equals(set.elements().subList(start, end))) {
                    unlikeRendered
                            .computeIfAbsent(set.name(), _ -> new HashMap<>())
                            .put(first.pool(), List.copyOf(pool));
                }
                start = end;
            }
        }
    }

    private static boolean isPool(NamedSet set) {
        return set.type().isPool() && !set.elements().isEmpty();
    }
}
