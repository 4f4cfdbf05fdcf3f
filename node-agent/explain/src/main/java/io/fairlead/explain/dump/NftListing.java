package io.fairlead.explain.dump;

import java.io.Serial;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lists the nftables rules of all programs on a node. */
public interface NftListing {

    /**
     * Returns the rules of all families.
     *
     * @throws UnavailableException if they cannot be listed
     */
    Listed list();

    /**
     * The rules of a node as text.
     *
     * @param text the rules in the form of {@code nft -a list ruleset}
     * @param notUnderstood the names of the parts of rules that the listing does not understand, and how often each
     *     occurs. In the text, such a name is in brackets
     */
    record Listed(String text, SortedMap<String, Integer> notUnderstood) {
        /** Copies the counts. */
        public Listed {
            notUnderstood = Collections.unmodifiableSortedMap(new TreeMap<>(notUnderstood));
        }
    }

    /** The rules cannot be listed. The message has the reason. */
    final class UnavailableException extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        /** Creates an exception with the reason. */
        public UnavailableException(String reason) {
            super(reason);
        }
    }
}
