package io.fairlead.nft.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.rule.SetName;
import java.util.Optional;

/** The kernel's nftables in one network namespace. */
public interface Nftables {

    /** What came of commands. */
    sealed interface Answer {
        /** All of them were carried out. */
        record Done() implements Answer {}

        /**
         * None of them was.
         *
         * @param message what nft printed: for each error a line such as "/dev/stdin:3:1-20: Error: ...", then the
         *     input
         */
        record Refused(String message) implements Answer {}

        /** It took too long; whether they were carried out is not known. */
        record TimedOut() implements Answer {}
    }

    /**
     * Carries out commands as one transaction.
     *
     * @param commands as {@code nft -f} reads them
     * @throws io.fairlead.linux.process.ProgramMissingException if there is no nft
     */
    Answer apply(String commands);

    /**
     * Our table of one family, as {@code nft -sy list table} prints it; empty if there is none.
     *
     * @throws io.fairlead.core.rules.ApplyFailedException if it cannot be listed
     * @throws io.fairlead.linux.process.ProgramMissingException if there is no nft
     */
    Optional<String> list(IpFamily family);

    /**
     * One set or map of our table of one family, with its elements and, of those that expire, their times; empty if it
     * is not there.
     *
     * @throws io.fairlead.core.rules.ApplyFailedException if it cannot be listed
     * @throws io.fairlead.linux.process.ProgramMissingException if there is no nft
     */
    Optional<String> list(IpFamily family, SetName map);
}
