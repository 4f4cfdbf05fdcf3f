package io.fairlead.cluster.objects;

import io.fairlead.core.cluster.ClusterState;
import java.util.List;

/**
 * Cluster state as read, and everything there is to say about the reading.
 *
 * @param problems in the order of the input
 * @param unreadable files, or documents in them, that could not be read at all: their objects are missing from the state
 */
public record ClusterInput(ClusterState state, List<Problem> problems, Counts counts, List<String> unreadable) {

    /**
     * How many objects of each kind.
     *
     * @param endpoints addresses in slices, ready or not
     * @param slicesWithoutService slices that wait for their Service (EPS-18)
     * @param setAside objects that are broken
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

        /** One line for people. */
        public String text() {
            return services + " Services, " + slices + " slices with " + endpoints + " endpoints, " + nodes + " Nodes, "
                    + serviceCidrs + " ServiceCIDRs"
                    + (slicesWithoutService == 0 ? "" : "; " + slicesWithoutService + " slices wait for their Service")
                    + (setAside == 0 ? "" : "; " + setAside + " objects set aside")
                    + (otherKinds == 0 ? "" : "; " + otherKinds + " objects of other kinds ignored");
        }
    }

    /** Copies the lists. */
    public ClusterInput {
        problems = List.copyOf(problems);
        unreadable = List.copyOf(unreadable);
    }

    /** Whether anything was left out that should not have been. */
    public boolean hasErrors() {
        return problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
    }
}
