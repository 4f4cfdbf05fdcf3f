package io.fairlead.cluster.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state of the view of the cluster at one moment.
 *
 * @param synced whether everything that existed at the start has been delivered
 * @param kinds one entry for each watched kind
 */
public record WatchStatus(boolean synced, Map<WatchedKind, OfKind> kinds) {

    /**
     * The state of one kind.
     *
     * @param listed whether a list has been read to its end
     * @param objects the number of known objects, including broken ones
     * @param lastHeard when the server last sent anything for this kind, including bookmarks; null if never
     * @param failure why listing or watching last failed; null if it works
     * @param failingSince since when it fails; null if it works
     */
    public record OfKind(
            boolean listed,
            int objects,
            @Nullable Instant lastHeard,
            @Nullable String failure,
            @Nullable Instant failingSince) {}

    /** Copies the map. */
    public WatchStatus {
        kinds = Collections.unmodifiableMap(kinds.isEmpty() ? new EnumMap<>(WatchedKind.class) : new EnumMap<>(kinds));
    }

    /**
     * Returns the age of the oldest view: the time since the server last sent anything for the quietest of Services and
     * their endpoints; empty if it never sent anything for one of them. With an API server that sends bookmarks it
     * stays below about a minute, even if nothing changes.
     */
    public Optional<Duration> age(Instant now) {
        Duration oldest = Duration.ZERO;
        for (Map.Entry<WatchedKind, OfKind> entry : kinds.entrySet()) {
            if (entry.getKey() == WatchedKind.NODE || entry.getKey() == WatchedKind.SERVICE_CIDRS) {
                continue;
            }
            Instant heard = entry.getValue().lastHeard();
            if (heard == null) {
                return Optional.empty();
            }
            Duration age = Duration.between(heard, now);
            oldest = age.compareTo(oldest) > 0 ? age : oldest;
        }
        return Optional.of(oldest);
    }
}
