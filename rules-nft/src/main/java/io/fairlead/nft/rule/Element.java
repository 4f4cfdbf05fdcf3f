package io.fairlead.nft.rule;

import io.fairlead.core.plan.Origin;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An element of a set or map. Two elements are equal if the kernel cannot distinguish them, wherever they come from.
 *
 * @param data null in a set
 * @param origin the Service port that the element belongs to, or the node; of elements that several ports have in
 *     common, one of them
 */
public record Element(ElementKey key, @Nullable ElementData data, Comment comment, Origin origin) {
    private static final Origin NODE = new Origin.Node();

    /** An element of a set, of the node. */
    public static Element of(ElementKey key) {
        return new Element(key, null, Comment.NONE, NODE);
    }

    /** An element of a map without a comment, of the node. */
    public static Element of(ElementKey key, ElementData data) {
        return new Element(key, data, Comment.NONE, NODE);
    }

    /** The same element with another origin. */
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
