package io.fairlead.nft.rule;

import io.fairlead.core.plan.Origin;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An element of a set or map. Two elements are equal if their key, data and comment are equal. The origins may differ,
 * because they are not stored in the kernel.
 *
 * @param data null in a set
 * @param origin the Service port to which the element belongs, or the node; if several Service ports share the element,
 *     one of them
 */
public record Element(ElementKey key, @Nullable ElementData data, Comment comment, Origin origin) {
    private static final Origin NODE = new Origin.Node();

    /** Returns an element of a set, whose origin is the node. */
    public static Element of(ElementKey key) {
        return new Element(key, null, Comment.NONE, NODE);
    }

    /** Returns an element of a map without a comment, whose origin is the node. */
    public static Element of(ElementKey key, ElementData data) {
        return new Element(key, data, Comment.NONE, NODE);
    }

    /** Returns this element with another origin. */
    public Element from(Origin other) {
        return new Element(key, data, comment, other);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Element element
                && key.equals(element.key)
                && Objects.equals(data, element.data)
                && comment.equals(element.comment);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * key.hashCode() + Objects.hashCode(data)) + comment.hashCode();
    }
}
