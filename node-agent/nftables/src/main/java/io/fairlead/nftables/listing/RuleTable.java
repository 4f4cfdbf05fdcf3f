package io.fairlead.nftables.listing;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a table on which the text of its rules depends.
 *
 * @param network the EtherType of all packets that the table sees; 0 if they have several
 * @param counted whether the texts contain the numbers of packets that rules counted
 * @param sets finds a set of the table by its name; null if there is none
 */
record RuleTable(int network, boolean counted, Function<String, @Nullable ListedSet> sets) {

    /** Returns whether the table sees packets of several network protocols. */
    boolean hasSeveralNetworks() {
        return network == 0;
    }

    /**
     * Returns the set with this name.
     *
     * @throws IllegalArgumentException if the kernel did not list the set. The expression that uses the set is then
     *     written as not understood
     */
    ListedSet set(String name) {
        ListedSet found = sets.apply(name);
        if (found == null) {
            throw new IllegalArgumentException("no set " + name);
        }
        return found;
    }
}
