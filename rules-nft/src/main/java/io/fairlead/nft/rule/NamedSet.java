package io.fairlead.nft.rule;

import io.fairlead.core.plan.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named set or map.
 *
 * @param elements the elements, sorted by key, without duplicate keys
 * @param origin the Service port to which the set belongs, or the node; unknown if the set was read and its Service
 *     port was not found. Each element has its own origin
 */
public record NamedSet(SetName name, SetType type, Comment comment, List<Element> elements, Origin origin) {

    /**
     * Sorts the elements.
     *
     * @throws IllegalArgumentException if two elements have the same key and differ
     */
    public NamedSet {
        elements = sorted(name, elements);
    }

    /** Creates a set whose origin is the node. */
    public NamedSet(SetName name, SetType type, Comment comment, List<Element> elements) {
        this(name, type, comment, elements, new Origin.Node());
    }

    /** Returns this set with other elements. */
    public NamedSet with(List<Element> others) {
        return new NamedSet(name, type, comment, others, origin);
    }

    /** Returns the element with this key; null if it does not exist. */
    public @Nullable Element find(ElementKey key) {
        Element element = ceiling(key);
        return element != null && element.key().compareTo(key) == 0 ? element : null;
    }

    /** Returns the first element whose key is equal to or greater than this key; null if there is none. */
    public @Nullable Element ceiling(ElementKey key) {
        int low = 0;
        int high = elements.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (elements.get(middle).key().compareTo(key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == elements.size() ? null : elements.get(low);
    }

    /** Returns the last element whose key is equal to or less than this key; null if there is none. */
    public @Nullable Element floor(ElementKey key) {
        int low = 0;
        int high = elements.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (elements.get(middle).key().compareTo(key) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? null : elements.get(low - 1);
    }

    /** Returns this set without elements. */
    public NamedSet declaration() {
        return elements.isEmpty() ? this : with(List.of());
    }

    private static List<Element> sorted(SetName name, List<Element> elements) {
        if (isSorted(elements)) {
            return List.copyOf(elements);
        }
        List<Element> sorted = new ArrayList<>(elements);
        sorted.sort(Comparator.comparing(Element::key));
        List<Element> unique = new ArrayList<>(sorted.size());
        for (Element element : sorted) {
            if (unique.isEmpty() || unique.getLast().key().compareTo(element.key()) != 0) {
                unique.add(element);
            } else if (!unique.getLast().equals(element)) {
                throw new IllegalArgumentException(
                        "two elements with the same key in " + name + ": " + unique.getLast() + " and " + element);
            }
        }
        return List.copyOf(unique);
    }

    private static boolean isSorted(List<Element> elements) {
        for (int i = 1; i < elements.size(); i++) {
            if (elements.get(i - 1).key().compareTo(elements.get(i).key()) >= 0) {
                return false;
            }
        }
        return true;
    }
}
