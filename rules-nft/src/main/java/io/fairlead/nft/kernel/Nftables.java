package io.fairlead.nft.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.SetName;
import java.util.List;
import java.util.Optional;

/** Access to nftables in one network namespace of the kernel. */
public interface Nftables {

    /** The result of a transaction. */
    sealed interface Answer {
        /** The kernel executed all operations. */
        record Done() implements Answer {}

        /**
         * The kernel executed no operation.
         *
         * @param kind the reason
         * @param busy whether an object could not be deleted because another object refers to it. A kernel before 6.2
         *     also refuses if the same transaction deletes that reference
         * @param message one sentence for an operator
         * @param output the whole output of nft; "" if nft was not used
         * @param places the operations and elements at fault; empty if unknown
         */
        record Refused(ApplyFailedException.Kind kind, boolean busy, String message, String output, List<Place> places)
                implements Answer {
            /** Copies the list. */
            public Refused {
                places = List.copyOf(places);
            }
        }

        /** The call timed out. It is unknown whether the kernel executed the operations. */
        record TimedOut() implements Answer {}
    }

    /**
     * Returns the transaction itself. If the kernel does not accept a transaction of that length, returns several
     * transactions with the same result. The rules are valid after each of them.
     */
    default List<Transaction> divided(Transaction transaction) {
        return List.of(transaction);
    }

    /**
     * Sends a transaction to the kernel.
     *
     * @throws io.fairlead.linux.process.ProgramMissingException if nft is needed and not installed
     */
    Answer apply(Transaction transaction);

    /**
     * Reads Fairlead's table of one family.
     *
     * @return empty if the table does not exist
     * @throws io.fairlead.core.rules.ApplyFailedException if the table cannot be read
     * @throws io.fairlead.linux.process.ProgramMissingException if nft is needed and not installed
     */
    Optional<ReadTable> read(IpFamily family);

    /**
     * Reads the clients in an affinity map of Fairlead's table of one family.
     *
     * @return empty if the map does not exist
     * @throws io.fairlead.core.rules.ApplyFailedException if the map cannot be read
     * @throws io.fairlead.linux.process.ProgramMissingException if nft is needed and not installed
     */
    Optional<List<Client>> clients(IpFamily family, SetName map);
}
