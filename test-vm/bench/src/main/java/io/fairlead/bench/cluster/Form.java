package io.fairlead.bench.cluster;

import java.time.Duration;
import java.util.List;

/**
 * How much is measured.
 *
 * @param courses sizes and tools, sizes in ascending order: objects are only added
 * @param changes of Fairlead's, one at a time
 * @param kubeProxyChanges of kube-proxy's; fewer, as it is given time to be ready for each
 * @param stream how long the API server is given as many changes as it takes
 * @param settle how long nothing happens before memory and CPU of a quiet cluster are read
 */
public record Form(List<Course> courses, int changes, int kubeProxyChanges, Duration stream, Duration settle) {

    /** A size, 0 for a cluster without Services of its own, and the tools to measure there. */
    record Course(int services, List<Tools> tools) {}

    /** Endpoints of each Service. */
    static final int ENDPOINTS = 2;

    /** Slices that are replaced at once. */
    static final int BURST = 500;

    /** Under five minutes on two cores, without {@link Tools#IPTABLES_LEGACY_COMPACT}. */
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
     * Under forty minutes on two cores, without the same. 30,000 Services in iptables' nft variant take minutes for
     * anybody and are left out.
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

    /** Only these sizes. */
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

    /** Only these tools. */
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
