package io.fairlead.explain.model;

import java.util.List;

/**
 * The elements of a set or map of nftables, named or anonymous.
 *
 * @param elements the elements that could be read
 * @param complete whether all elements were read; if not, a missing element may exist
 */
public record NamedElements(List<SetElement> elements, boolean complete) {
    /** Copies the elements. */
    public NamedElements {
        elements = List.copyOf(elements);
    }
}
