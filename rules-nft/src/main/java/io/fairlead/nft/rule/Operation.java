package io.fairlead.nft.rule;

import java.util.List;

/** One step of a transaction on our table of one family. */
public sealed interface Operation {

    /** Creates the table if it does not exist; makes it active again if another program made it dormant. */
    record AddTable(Comment comment) implements Operation {}

    /** Deletes the table with everything in it. */
    record DeleteTable(Table table) implements Operation {}

    /** Creates an empty chain. */
    record AddChain(Chain chain) implements Operation {}

    /** Deletes all rules of a chain. */
    record FlushChain(Chain chain) implements Operation {}

    /** Deletes an empty chain without references. */
    record DeleteChain(Chain chain) implements Operation {}

    /** Adds a rule at the end of a chain. */
    record AddRule(Chain chain, Rule rule) implements Operation {}

    /** Creates an empty set or map. */
    record AddSet(NamedSet set) implements Operation {}

    /**
     * Changes the time-out of an affinity map. Its elements stay, as in kube-proxy (AFF-12). If a map is added again,
     * the kernel accepts its new time-out (seen on 6.1, 6.12 and 6.18).
     */
    record ChangeTimeout(NamedSet before, NamedSet after) implements Operation {}

    /** Deletes a set or map without references, with its elements. */
    record DeleteSet(NamedSet set) implements Operation {}

    /** Deletes all elements of a set or map. */
    record FlushSet(NamedSet set) implements Operation {}

    /** Adds elements that do not exist. */
    record AddElements(NamedSet set, List<Element> elements) implements Operation {
        /** Copies the list. */
        public AddElements {
            elements = List.copyOf(elements);
        }
    }

    /** Deletes existing elements. */
    record DeleteElements(NamedSet set, List<Element> elements) implements Operation {
        /** Copies the list. */
        public DeleteElements {
            elements = List.copyOf(elements);
        }
    }

    /** Deletes an object of a kind that Fairlead does not use. */
    record DeleteOther(Table.OtherObject object) implements Operation {}
}
