package io.fairlead.nftables.listing;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the parts of rules that are not understood, by their names in the kernel. */
final class Tally {
    private final SortedMap<String, Integer> counts = new TreeMap<>();

    /**
     * Counts one occurrence of a name. Returns the text for the listing: the name in brackets, with "-" for each
     * unusual character.
     */
    String unknown(String name) {
        String clean = name.replaceAll("[^A-Za-z0-9_.-]", "-");
        counts.merge(clean, 1, Integer::sum);
        return "[" + clean + "]";
    }

    SortedMap<String, Integer> counts() {
        return Collections.unmodifiableSortedMap(counts);
    }
}
