package io.fairlead.core.rules;

import io.fairlead.core.net.IpFamily;
import java.util.List;
import java.util.Optional;

/** An event that {@link KernelRules#poll} reports. */
public sealed interface Notice {

    /**
     * Another program has changed Fairlead's rules.
     *
     * @param program the name of the program; "" if the kernel does not report it
     * @param processId the process number of the program; 0 if the kernel does not report it
     * @param tables the changed tables, for example "IPv4 nat"; empty if they are unknown
     */
    record ChangedByOthers(String program, long processId, List<String> tables) implements Notice {
        /** Copies the list. */
        public ChangedByOthers {
            tables = List.copyOf(tables);
        }

        /** Returns a change by an unknown program. */
        public static ChangedByOthers unknown() {
            return new ChangedByOthers("", 0, List.of());
        }

        /** Returns, for example, "nft (4711)" or "another program (in IPv4 nat)". */
        public String text() {
            String who = program.isEmpty() ? "another program" : program;
            return who
                    + (processId == 0 ? "" : " (" + processId + ")")
                    + (tables.isEmpty() ? "" : " (in " + String.join(", ", tables) + ")");
        }
    }

    /**
     * The kernel does not answer whether another program has changed Fairlead's rules. Another program may have changed
     * them.
     */
    record WatchFailed(String reason) implements Notice {}

    /**
     * The last change made the rules of a family correct, but could not delete unused objects (NFT-25). The next full
     * comparison finds these objects.
     */
    record Undeleted(IpFamily family) implements Notice {}

    /**
     * The last read of the rules also counted the clients with affinity.
     *
     * @param fullest the list of clients with the highest fill; empty if no Service port has such a list
     */
    record AffinityFill(Optional<RememberedClients> fullest) implements Notice {}

    /** A sentence for the operator. The agent reports it once. */
    record Remark(String text) implements Notice {}
}
