package io.fairlead.nft.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.SetName;
import java.util.List;
import java.util.Optional;

/** The nftables of the kernel in one network namespace. */
public interface Nftables {

    /** The result of a transaction. */
    sealed interface Answer {
        /** All operations were carried out. */
        record Done() implements Answer {}

        /**
         * No operation was carried out.
         *
         * @param kind the reason
         * @param busy whether an object could not be deleted because another one refers to it, or did until just now
         *     (kernels before 6.2)
         * @param message one sentence for an operator
         * @param output the whole output of the tool; "" if there was no tool
         * @param places the operations and elements at fault; empty if unknown
         */
        record Refused(ApplyFailedException.Kind kind, boolean busy, String message, String output, List<Place> places)
                implements Answer {
            /** Copies the list. */
            public Refused {
                places = List.copyOf(places);
            }
        }

        /** The call timed out; it is unknown whether the operations were carried out. */
        record TimedOut() implements Answer {}
    }

    /**
     * Returns the transaction itself, or several that come to the same if the kernel accepts none so long. Each of them
     * leaves valid rules.
     */
    default List<Transaction> divided(Transaction transaction) {
        return List.of(transaction);
    }

    /**
     * Carries out a transaction.
     *
     * @throws io.fairlead.linux.process.ProgramMissingException if there is no nft
     */
    Answer apply(Transaction transaction);

    /**
     * Reads our table of one family; empty if there is none.
     *
     * @throws io.fairlead.core.rules.ApplyFailedException if it cannot be read
     * @throws io.fairlead.linux.process.ProgramMissingException if there is no nft
     */
    Optional<ReadTable> read(IpFamily family);

    /**
     * Reads the clients in an affinity map of our table of one family; empty if it does not exist.
     *
     * @throws io.fairlead.core.rules.ApplyFailedException if it cannot be read
     * @throws io.fairlead.linux.process.ProgramMissingException if there is no nft
     */
    Optional<List<Client>> clients(IpFamily family, SetName map);
}
