package io.fairlead.nft.rule;

import io.fairlead.core.plan.Origin;
import java.util.List;

/** One step of a transaction on Fairlead's table of one family. */
public sealed interface Operation {

    /** Creates the table if it does not exist. If another program made the table dormant, makes it active again. */
    record AddTable(Comment comment) implements Operation {}

    /** Deletes the table with all objects in it. */
    record DeleteTable(Table table) implements Operation {}

    /** Creates an empty chain. */
    record AddChain(Chain chain) implements Operation {}

    /** Deletes all rules of a chain. */
    record FlushChain(Chain chain) implements Operation {}

    /** Deletes an empty chain to which no rule or element refers. */
    record DeleteChain(Chain chain) implements Operation {}

    /** Appends a rule to a chain. */
    record AddRule(Chain chain, Rule rule) implements Operation {}

    /** Creates an empty set or map. */
    record AddSet(NamedSet set) implements Operation {}

    /**
     * Changes the time-out of an affinity map. The existing elements are kept, as in kube-proxy (AFF-12). The command
     * adds the map again; the kernel then uses the new time-out (seen on 6.1, 6.12 and 6.18).
     */
    record ChangeTimeout(NamedSet before, NamedSet after) implements Operation {}

    /** Deletes a set or map with its elements. No rule may refer to it. */
    record DeleteSet(NamedSet set) implements Operation {}

    /** Deletes all elements of a set or map. */
    record FlushSet(NamedSet set) implements Operation {}

    /** Adds elements that do not exist yet. */
    record AddElements(NamedSet set, List<Element> elements) implements Operation {
        /** Copies the list. */
        public AddElements {
            elements = List.copyOf(elements);
        }
    }

    /** Deletes elements, which must exist. */
    record DeleteElements(NamedSet set, List<Element> elements) implements Operation {
        /** Copies the list. */
        public DeleteElements {
            elements = List.copyOf(elements);
        }
    }

    /** Deletes an object of a type that Fairlead does not use. */
    record DeleteOther(Table.OtherObject object) implements Operation {}

    /**
     * Returns the origin of an element, or of the chain or set that the operation changes; the node for an operation on
     * the table or on an object of another type.
     *
     * @param element the index of an element of the operation, counted from 0; a negative number means the operation
     *     itself
     */
    default Origin origin(int element) {
        return switch (this) {
            case AddElements(NamedSet set, var elements) -> origin(set, elements, element);
            case DeleteElements(NamedSet set, var elements) -> origin(set, elements, element);
            case AddChain(Chain chain) -> chain.origin();
            case AddRule(Chain chain, var _) -> chain.origin();
            case FlushChain(Chain chain) -> chain.origin();
            case DeleteChain(Chain chain) -> chain.origin();
            case AddSet(NamedSet set) -> set.origin();
            case ChangeTimeout(var _, NamedSet after) -> after.origin();
            case DeleteSet(NamedSet set) -> set.origin();
            case FlushSet(NamedSet set) -> set.origin();
            case AddTable _, DeleteTable _, DeleteOther _ -> new Origin.Node();
        };
    }

    private static Origin origin(NamedSet set, List<Element> elements, int element) {
        return element < 0 ? set.origin() : elements.get(element).origin();
    }
}
