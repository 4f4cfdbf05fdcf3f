package io.fairlead.bench.cluster;

import java.time.Duration;
import java.util.List;

/**
 * The size of a benchmark.
 *
 * @param courses sizes and tools. Sizes ascend, because objects are only added
 * @param changes single changes that Fairlead gets
 * @param kubeProxyChanges single changes that kube-proxy gets; fewer, because it needs a longer pause before each
 * @param stream how long the API server gets as many changes as it can process
 * @param settle idle time before the memory and CPU use of an idle proxy are read
 */
public record Form(List<Course> courses, int changes, int kubeProxyChanges, Duration stream, Duration settle) {

    /** A number of Services (0: no Service except the API server's own) and the tools to measure with them. */
    record Course(int services, List<Tools> tools) {}

    /** Endpoints of each Service. */
    static final int ENDPOINTS = 2;

    /** Slices that are replaced at once. */
    static final int BURST = 500;

    /** Returns the short form: under five minutes on two cores, without {@link Tools#IPTABLES_LEGACY_COMPACT}. */
    public static Form quick() {
        return new Form(
                List.of(
                        new Course(1_000, List.of(Tools.NFTABLES, Tools.IPTABLES_NFT)),
                        new Course(
                                10_000, List.of(Tools.NFTABLES, Tools.IPTABLES_LEGACY, Tools.IPTABLES_LEGACY_COMPACT))),
                20,
                5,
                Duration.ofSeconds(3),
                Duration.ofSeconds(3));
    }

    /**
     * Returns the full form: under forty minutes on two cores, without {@link Tools#IPTABLES_LEGACY_COMPACT}. It leaves
     * out 30,000 Services in iptables' nft variant, because they take every proxy minutes.
     */
    public static Form full() {
        return new Form(
                List.of(
                        new Course(0, List.of(Tools.NFTABLES, Tools.IPTABLES_LEGACY)),
                        new Course(1_000, List.of(Tools.values())),
                        new Course(10_000, List.of(Tools.values())),
                        new Course(
                                30_000, List.of(Tools.NFTABLES, Tools.IPTABLES_LEGACY, Tools.IPTABLES_LEGACY_COMPACT))),
                100,
                10,
                Duration.ofSeconds(10),
                Duration.ofSeconds(6));
    }

    /** Returns the same form with these sizes only. */
    public Form ofSizes(List<Integer> sizes) {
        return new Form(
                courses.stream()
                        .filter(course -> sizes.contains(course.services()))
                        .toList(),
                changes,
                kubeProxyChanges,
                stream,
                settle);
    }

    /** Returns the same form with these tools only. */
    public Form with(List<Tools> wanted) {
        return new Form(
                courses.stream()
                        .map(course -> new Course(
                                course.services(),
                                course.tools().stream().filter(wanted::contains).toList()))
                        .toList(),
                changes,
                kubeProxyChanges,
                stream,
                settle);
    }
}
