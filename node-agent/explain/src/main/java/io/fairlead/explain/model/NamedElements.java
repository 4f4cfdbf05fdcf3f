package io.fairlead.explain.model;

import java.util.List;

/**
 * A named set or map of nftables, or an anonymous one in a rule.
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
