package io.fairlead.cluster.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the view of the cluster stands at one moment.
 *
 * @param synced whether everything there was at the start has been delivered
 * @param kinds one entry for each kind that is watched
 */
public record WatchStatus(boolean synced, Map<WatchedKind, OfKind> kinds) {

    /**
     * One kind.
     *
     * @param listed whether a list has been read to its end
     * @param objects how many are known, broken ones too
     * @param lastHeard when the server last sent anything for this kind, bookmarks included; null if it never did
     * @param failure why listing or watching last failed; null if it goes well
     * @param failingSince null if it goes well
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
     * How old the oldest view is: the time since the quietest of Services and their endpoints was last heard of. With an API
     * server that sends bookmarks this stays below about a minute, whatever the cluster does. Empty if one was never heard.
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
