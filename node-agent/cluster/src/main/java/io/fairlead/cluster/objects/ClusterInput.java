package io.fairlead.cluster.objects;

import io.fairlead.core.cluster.ClusterState;
import java.util.List;

/**
 * The cluster state that was read from files or standard input, with the problems that were found.
 *
 * @param problems in the order of the input
 * @param unreadable the sources that could not be parsed completely. Objects of these sources may be missing from the
 *     state
 * @param pods the names of pods by address; no names if {@link ClusterReader#withPods} was not called
 */
public record ClusterInput(
        ClusterState state, List<Problem> problems, Counts counts, List<String> unreadable, PodNames pods) {

    /**
     * The number of objects of each kind.
     *
     * @param endpoints the number of endpoints in all slices, ready or not
     * @param slicesWithoutService the number of slices whose Service does not exist yet (EPS-18)
     * @param setAside the number of objects that have a value that cannot be used, or that are duplicates
     * @param otherKinds the number of objects of kinds that no proxy needs
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

        /** Returns the numbers as one line of text for users. */
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

    /** Returns whether an object, an endpoint or a document was left out because it has an error. */
    public boolean hasErrors() {
        return problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
    }
}
