package io.fairlead.cluster.objects;

import io.fairlead.core.cluster.ClusterState;
import java.util.List;

/**
 * The cluster state that was read, with everything that was reported.
 *
 * @param problems in the order of the input
 * @param unreadable files, or documents in them, that could not be read at all; their objects are missing from the
 *     state
 */
public record ClusterInput(ClusterState state, List<Problem> problems, Counts counts, List<String> unreadable) {

    /**
     * The number of objects of each kind.
     *
     * @param endpoints addresses in slices, ready or not
     * @param slicesWithoutService slices whose Service does not exist yet (EPS-18)
     * @param setAside broken objects
     * @param otherKinds objects of kinds that no proxy needs
     */
    public record Counts(
            int services,
            int slices,
            int endpoints,
            int nodes,
            int serviceCidrs,
            int slicesWithoutService,
            int setAside,
            int otherKinds) {

        /** Returns one line for people. */
        public String text() {
            return services + " Services, " + slices + " slices with " + endpoints + " endpoints, " + nodes + " Nodes, "
                    + serviceCidrs + " ServiceCIDRs"
                    + (slicesWithoutService == 0 ? "" : "; " + slicesWithoutService + " slices wait for their Service")
                    + (setAside == 0 ? "" : "; " + setAside + " objects left out")
                    + (otherKinds == 0 ? "" : "; " + otherKinds + " objects of other kinds ignored");
        }
    }

    /** Copies the lists. */
    public ClusterInput {
        problems = List.copyOf(problems);
        unreadable = List.copyOf(unreadable);
    }

    /** Returns whether something was left out because it is broken. */
    public boolean hasErrors() {
        return problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
    }
}
