package io.fairlead.bench.cluster;

import java.time.Duration;
import java.util.List;

/**
 * The extent of a benchmark: what it measures, and how often.
 *
 * @param courses the sizes of the cluster, each with the tools to measure. The sizes must ascend, because the benchmark
 *     only adds objects
 * @param changes the number of single changes for Fairlead
 * @param kubeProxyChanges the number of single changes for kube-proxy; fewer, because kube-proxy needs a longer pause
 *     before each change
 * @param stream how long the API server gets as many changes as it can process
 * @param settle how long a proxy is idle before its memory and CPU use are measured
 */
public record Form(List<Course> courses, int changes, int kubeProxyChanges, Duration stream, Duration settle) {

    /**
     * A size of the cluster, and the tools to measure at this size.
     *
     * @param services the number of Services; 0 for a cluster that has only the API server's own Service
     */
    record Course(int services, List<Tools> tools) {}

    /** The number of endpoints of each Service. */
    static final int ENDPOINTS = 2;

    /** The number of slices that are replaced together. */
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
     * Returns the full form: under forty minutes on two cores, without {@link Tools#IPTABLES_LEGACY_COMPACT}. It does
     * not measure 30,000 Services with the nft variant of iptables, for which every proxy needs minutes.
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

    /** Returns this form, limited to these numbers of Services. */
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

    /** Returns this form, limited to these tools. */
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
