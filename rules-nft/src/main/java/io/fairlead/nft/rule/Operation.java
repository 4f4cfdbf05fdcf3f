package io.fairlead.nft.rule;

import java.util.List;

/** One step of a transaction on our table of one family. */
public sealed interface Operation {

    /** Makes the table, if it is not there; wakes it if somebody put it to sleep. */
    record AddTable(Comment comment) implements Operation {}

    /** Takes the table away with all that is in it. */
    record DeleteTable(Table table) implements Operation {}

    /** Makes an empty chain. */
    record AddChain(Chain chain) implements Operation {}

    /** Takes all rules out of a chain. */
    record FlushChain(Chain chain) implements Operation {}

    /** Takes away an empty chain that nothing refers to. */
    record DeleteChain(Chain chain) implements Operation {}

    /** Puts a rule at the end of a chain. */
    record AddRule(Chain chain, Rule rule) implements Operation {}

    /** Makes an empty set or map. */
    record AddSet(NamedSet set) implements Operation {}

    /**
     * Gives the map of an affinity another time-out; its elements stay, as in kube-proxy (AFF-12). The kernel takes the
     * new time-out from a map that is added once more (seen on 6.1, 6.12 and 6.18).
     */
    record ChangeTimeout(NamedSet before, NamedSet after) implements Operation {}

    /** Takes away a set or map, with its elements, that nothing refers to. */
    record DeleteSet(NamedSet set) implements Operation {}

    /** Takes all elements out of a set or map. */
    record FlushSet(NamedSet set) implements Operation {}

    /** Puts in elements that are not there. */
    record AddElements(NamedSet set, List<Element> elements) implements Operation {
        /** Copies the list. */
        public AddElements {
            elements = List.copyOf(elements);
        }
    }

    /** Takes out elements that are there. */
    record DeleteElements(NamedSet set, List<Element> elements) implements Operation {
        /** Copies the list. */
        public DeleteElements {
            elements = List.copyOf(elements);
        }
    }

    /** Takes away something of a kind that we do not have. */
    record DeleteOther(Table.OtherObject object) implements Operation {}
}
