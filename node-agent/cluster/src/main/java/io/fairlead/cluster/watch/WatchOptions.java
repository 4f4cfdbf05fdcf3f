package io.fairlead.cluster.watch;

import java.time.Duration;

/**
 * What to watch, and with which limits.
 *
 * @param nodeName the name of this node; with "" no Node is watched
 * @param endpoints whether legacy Endpoints are read instead of EndpointSlices. The field selector {@code
 *     spec.clusterIP!=None} (SVC-4) is then left out too, because such old servers do not know it
 * @param pageSize the number of objects in one answer, at least 1; it decides how much memory listing needs
 * @param silence a watch that received nothing for this long is opened again. Servers since 1.17 send a bookmark about
 *     every minute, so a watch without one is cut off
 */
public record WatchOptions(String nodeName, boolean endpoints, int pageSize, Duration silence) {
    private static final int PAGE_SIZE = 250;
    private static final Duration SILENCE = Duration.ofMinutes(3);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is not positive
     */
    public WatchOptions {
        if (pageSize < 1) {
            throw new IllegalArgumentException("pageSize is not positive: " + pageSize);
        }
        if (!silence.isPositive()) {
            throw new IllegalArgumentException("silence is not positive: " + silence);
        }
    }

    /** Returns options for EndpointSlices, pages of 250 and a silence of three minutes. */
    public static WatchOptions of(String nodeName) {
        return new WatchOptions(nodeName, false, PAGE_SIZE, SILENCE);
    }

    /** Returns the same options with legacy Endpoints. */
    public WatchOptions withEndpoints() {
        return new WatchOptions(nodeName, true, pageSize, silence);
    }

    /** Returns the same options with another page size. */
    public WatchOptions withPageSize(int objects) {
        return new WatchOptions(nodeName, endpoints, objects, silence);
    }

    /** Returns the same options with another limit of silence. */
    public WatchOptions withSilence(Duration longest) {
        return new WatchOptions(nodeName, endpoints, pageSize, longest);
    }
}
