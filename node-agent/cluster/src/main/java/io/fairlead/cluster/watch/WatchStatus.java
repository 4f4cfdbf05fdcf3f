package io.fairlead.cluster.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state of a {@link ClusterWatch} at one moment.
 *
 * @param synced whether all objects that existed at the start have been delivered
 * @param kinds one entry for each watched kind
 */
public record WatchStatus(boolean synced, Map<WatchedKind, OfKind> kinds) {

    /**
     * The state of one kind.
     *
     * @param listed whether a list of the objects was read completely
     * @param objects the number of known objects, including objects that cannot be used
     * @param lastHeard when the server last sent anything for this kind, including bookmarks; null if never
     * @param failure the reason why the last request failed; null if the last request succeeded
     * @param failingSince the time since which requests fail; null if the last request succeeded
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
     * Returns the time since the server last sent anything for Services or for their endpoints, whichever is longer.
     * Returns empty if the server has never sent anything for one of these kinds. If the server sends bookmarks, the
     * time stays below about a minute, even if no object changes.
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
