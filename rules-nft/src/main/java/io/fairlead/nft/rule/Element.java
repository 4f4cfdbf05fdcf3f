package io.fairlead.nft.rule;

import org.jspecify.annotations.Nullable;

/**
 * An element of a set or map.
 *
 * @param data null in a set
 */
public record Element(ElementKey key, @Nullable ElementData data, Comment comment) {

    /** An element of a set. */
    public static Element of(ElementKey key) {
        return new Element(key, null, Comment.NONE);
    }

    /** An element of a map, without a comment. */
    public static Element of(ElementKey key, ElementData data) {
        return new Element(key, data, Comment.NONE);
    }
}
