package io.fairlead.cluster.watch;

import java.time.Duration;

/**
 * What to watch, and how patiently.
 *
 * @param nodeName this node's name; "" watches no Node
 * @param endpoints whether legacy Endpoints are read instead of EndpointSlices; also leaves out the field selector
 *     {@code spec.clusterIP!=None} (SVC-4), which such old servers do not know
 * @param pageSize objects asked for at once, at least 1; memory while listing follows it
 * @param silence a watch that brought nothing for this long, not even a bookmark, is opened again: servers from 1.17 send a
 *     bookmark about every minute, so it has been cut off without a word
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

    /** EndpointSlices, pages of 250, three minutes of patience. */
    public static WatchOptions of(String nodeName) {
        return new WatchOptions(nodeName, false, PAGE_SIZE, SILENCE);
    }

    /** The same with legacy Endpoints. */
    public WatchOptions withEndpoints() {
        return new WatchOptions(nodeName, true, pageSize, silence);
    }

    /** The same with another page size. */
    public WatchOptions withPageSize(int objects) {
        return new WatchOptions(nodeName, endpoints, objects, silence);
    }

    /** The same with another patience. */
    public WatchOptions withSilence(Duration longest) {
        return new WatchOptions(nodeName, endpoints, pageSize, longest);
    }
}
