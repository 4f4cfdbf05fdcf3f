package io.fairlead.cluster.watch;

import java.time.Duration;

/** Observes the requests to the API server, for metrics. Implementations must be thread-safe. */
@FunctionalInterface
public interface RequestObserver {
    /** The value of {@code code} for a request without an answer, as in client-go's metrics. */
    String NO_ANSWER = "<error>";

    /**
     * Called when the status line of an answer was received, or when the request failed without an answer.
     *
     * @param method the HTTP method: "GET"
     * @param host the host name and port of the server
     * @param code the HTTP status, or {@link #NO_ANSWER}
     * @param duration the time from sending the request to its status line or failure; zero if the time of sending is
     *     not known
     */
    void requested(String method, String host, String code, Duration duration);
}
