package io.fairlead.explain.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An element of a set or map.
 *
 * @param key one pattern for each part of the key; empty for the element "*", which applies to all other keys
 * @param data what a map assigns to the key; null in a set
 */
public record SetElement(List<Pattern> key, @Nullable Data data) {
    /** Copies the key. */
    public SetElement {
        key = List.copyOf(key);
    }

    /** What a map assigns to a key. */
    public sealed interface Data {
        /** A value; several values for a concatenation, such as an address and a port. */
        record Values(List<Expression> parts) implements Data {
            /** Copies the parts. */
            public Values {
                parts = List.copyOf(parts);
            }
        }

        /** A verdict, which decides what happens to the packet. */
        record Verdict(Statement statement) implements Data {}
    }
}
