package io.fairlead.core.rules;

import io.fairlead.core.net.IpFamily;
import java.util.List;
import java.util.Optional;

/** An event that {@link KernelRules} reports. */
public sealed interface Notice {

    /**
     * Another program has changed our rules.
     *
     * @param program its name; "" if the kernel does not report it
     * @param processId its number; 0 if the kernel does not report it
     * @param tables the changed tables, as in "IPv4 nat"; empty if they are unknown
     */
    record ChangedByOthers(String program, long processId, List<String> tables) implements Notice {
        /** Copies the list. */
        public ChangedByOthers {
            tables = List.copyOf(tables);
        }

        /** Returns a change by a program of which nothing is known. */
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

    /** The kernel does not answer whether another program has changed our rules, so one may have changed them. */
    record WatchFailed(String reason) implements Notice {}

    /**
     * The last change made the rules of a family correct but could not delete unused objects (NFT-25). The next full
     * comparison finds them.
     */
    record Undeleted(IpFamily family) implements Notice {}

    /** The fullest list of clients with affinity as of the last read; empty if there is none. */
    record AffinityFill(Optional<RememberedClients> fullest) implements Notice {}

    /** A sentence for the operator; it is reported once. */
    record Remark(String text) implements Notice {}
}
