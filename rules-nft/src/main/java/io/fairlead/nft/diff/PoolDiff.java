package io.fairlead.nft.diff;

import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementData;
import io.fairlead.nft.rule.ElementKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Computes the elements to remove from and to add to a map of endpoint slots. The map contains pools: the lists of
 * endpoints from which frontends choose. A slot is the number of an endpoint in its pool. The order of endpoints in a
 * pool has no effect. Therefore an endpoint that is in both versions of a pool keeps its slot. If one of N endpoints is
 * removed, the endpoint with the last slot moves to the free slot, so at most two elements change.
 */
final class PoolDiff {
    private final List<Element> removed = new ArrayList<>();
    private final List<Element> added = new ArrayList<>();

    /** Creates the difference between two lists of elements, both sorted by key. */
    PoolDiff(List<Element> current, List<Element> desired) {
        int i = 0;
        int j = 0;
        while (i < current.size() || j < desired.size()) {
            @Nullable ElementKey here = i < current.size() ? current.get(i).key() : null;
            @Nullable ElementKey there = j < desired.size() ? desired.get(j).key() : null;
            boolean takeCurrent = here != null && (there == null || samePool(here, there) || before(here, there));
            boolean takeDesired = there != null && (here == null || samePool(here, there) || before(there, here));
            int endOfCurrent = takeCurrent ? endOfPool(current, i) : i;
            int endOfDesired = takeDesired ? endOfPool(desired, j) : j;
            pool(current.subList(i, endOfCurrent), desired.subList(j, endOfDesired));
            i = endOfCurrent;
            j = endOfDesired;
        }
    }

    List<Element> removed() {
        return removed;
    }

    List<Element> added() {
        return added;
    }

    private void pool(List<Element> current, List<Element> desired) {
        if (current.isEmpty() || desired.isEmpty() || current.equals(desired)) {
            if (!current.equals(desired)) {
                removed.addAll(current);
                added.addAll(desired);
            }
            return;
        }
        Map<Integer, Element> byIndex = new HashMap<>();
        for (Element element : current) {
            byIndex.put(index(element.key()), element);
        }
        Map<@Nullable ElementData, Integer> places = keptPlaces(byIndex, desired);
        Set<Integer> kept = new HashSet<>(places.values());
        for (Element element : current) {
            if (!kept.contains(index(element.key()))) {
                removed.add(element);
            }
        }
        Deque<Element> homeless = new ArrayDeque<>();
        for (Element element : desired) {
            if (!places.containsKey(element.data())) {
                homeless.add(element);
            }
        }
        for (Element place : desired) {
            if (!kept.contains(index(place.key()))) {
                added.add(new Element(place.key(), data(homeless.remove()), Comment.NONE, place.origin()));
            }
        }
    }

    /**
     * Returns the slot of each endpoint that keeps its slot. The endpoint must be in the new pool, and its slot must be
     * less than the new size. If an endpoint has several such slots, it keeps only the first.
     */
    private static Map<@Nullable ElementData, Integer> keptPlaces(
            Map<Integer, Element> byIndex, List<Element> desired) {
        Set<@Nullable ElementData> wanted = new HashSet<>();
        for (Element element : desired) {
            wanted.add(element.data());
        }
        Map<@Nullable ElementData, Integer> places = new HashMap<>();
        for (int index = 0; index < desired.size(); index++) {
            Element there = byIndex.get(index);
            if (there != null && there.comment().isEmpty() && wanted.contains(there.data())) {
                places.putIfAbsent(there.data(), index);
            }
        }
        return places;
    }

    private static ElementData data(Element element) {
        if (element.data() == null) {
            throw new IllegalArgumentException("element without an endpoint: " + element);
        }
        return element.data();
    }

    private static int endOfPool(List<Element> elements, int start) {
        int end = start + 1;
        while (end < elements.size()
                && samePool(elements.get(start).key(), elements.get(end).key())) {
            end++;
        }
        return end;
    }

    private static boolean before(ElementKey one, ElementKey other) {
        return one.compareTo(other) < 0;
    }

    private static boolean samePool(ElementKey one, ElementKey other) {
        return one.sharesPool(other);
    }

    private static int index(ElementKey key) {
        return switch (key) {
            case ElementKey.VipSlot(var _, var _, int index) -> index;
            case ElementKey.NodePortSlot(var _, int index) -> index;
            case ElementKey.Slot(var _, int index) -> index;
            case ElementKey.Vip _,
                    ElementKey.NodePort _,
                    ElementKey.Address _,
                    ElementKey.Range _,
                    ElementKey.Pair _,
                    ElementKey.Socket _ -> throw new IllegalArgumentException("no place in a pool: " + key);
        };
    }
}
