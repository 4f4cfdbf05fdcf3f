package io.fairlead.nftables.listing;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tables of all programs.
 *
 * @param text the tables in the form of {@code nft -a list ruleset}
 * @param notUnderstood the number of occurrences of each part of the rules that is not understood, by the kernel's name
 *     of this part. In the text, the name is in brackets
 */
public record ListedRuleset(String text, SortedMap<String, Integer> notUnderstood) {
    /** Copies the counts. */
    public ListedRuleset {
        notUnderstood = Collections.unmodifiableSortedMap(new TreeMap<>(notUnderstood));
    }
}
