package io.fairlead.cluster.watch;

import java.time.Duration;

/**
 * The options of a {@link ClusterWatch}.
 *
 * @param nodeName the name of this node; if it is "", no Node is watched
 * @param endpoints whether legacy Endpoints are read instead of EndpointSlices. In this case the field selector {@code
 *     spec.clusterIP!=None} (SVC-4) is not used, because old API servers without slices do not support it
 * @param pageSize the largest number of objects in one answer to a list request, at least 1. Larger pages need more
 *     memory
 * @param silence the time after which a watch that has received nothing is closed and opened again; must be positive.
 *     API servers since 1.17 send a bookmark about every minute, so the connection of a silent watch is probably broken
 */
public record WatchOptions(String nodeName, boolean endpoints, int pageSize, Duration silence) {
    private static final int PAGE_SIZE = 250;
    private static final Duration SILENCE = Duration.ofMinutes(3);

    /**
     * Checks that the page size and the silence are positive.
     *
     * @throws IllegalArgumentException if one of them is not positive
     */
    public WatchOptions {
        if (pageSize < 1) {
            throw new IllegalArgumentException("pageSize is not positive: " + pageSize);
        }
        if (!silence.isPositive()) {
            throw new IllegalArgumentException("the longest silence of a watch must be more than 0: " + silence);
        }
    }

    /** Returns options for EndpointSlices, with a page size of 250 and a silence of 3 minutes. */
    public static WatchOptions of(String nodeName) {
        return new WatchOptions(nodeName, false, PAGE_SIZE, SILENCE);
    }

    /** Returns the same options for legacy Endpoints instead of EndpointSlices. */
    public WatchOptions withEndpoints() {
        return new WatchOptions(nodeName, true, pageSize, silence);
    }

    /** Returns the same options with another page size. */
    public WatchOptions withPageSize(int objects) {
        return new WatchOptions(nodeName, endpoints, objects, silence);
    }

    /** Returns the same options with another silence. */
    public WatchOptions withSilence(Duration longest) {
        return new WatchOptions(nodeName, endpoints, pageSize, longest);
    }
}
