package io.fairlead.nft.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.rule.SetName;
import java.util.Optional;

/** The nftables of the kernel in one network namespace. */
public interface Nftables {

    /** The result of commands. */
    sealed interface Answer {
        /** All commands were executed. */
        record Done() implements Answer {}

        /**
         * No command was executed.
         *
         * @param message the output of nft: for each error a line such as "/dev/stdin:3:1-20: Error: ...", then the
         *     input
         */
        record Refused(String message) implements Answer {}

        /** The call timed out; it is unknown whether the commands were executed. */
        record TimedOut() implements Answer {}
    }

    /**
     * Executes commands as one transaction.
     *
     * @param commands the text as {@code nft -f} reads it
     * @throws io.fairlead.linux.process.ProgramMissingException if there is no nft
     */
    Answer apply(String commands);

    /**
     * Returns our table of one family, as {@code nft -sy list table} prints it; empty if there is none.
     *
     * @throws io.fairlead.core.rules.ApplyFailedException if it cannot be listed
     * @throws io.fairlead.linux.process.ProgramMissingException if there is no nft
     */
    Optional<String> list(IpFamily family);

    /**
     * Returns one set or map of our table of one family, with its elements and their remaining times if they expire;
     * empty if it does not exist.
     *
     * @throws io.fairlead.core.rules.ApplyFailedException if it cannot be listed
     * @throws io.fairlead.linux.process.ProgramMissingException if there is no nft
     */
    Optional<String> list(IpFamily family, SetName map);
}
