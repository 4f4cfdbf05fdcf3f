package io.fairlead.cluster.watch;

import java.time.Duration;

/** Counts the requests to the API server, for metrics. Several threads may call it at once. */
@FunctionalInterface
public interface RequestObserver {
    /** The code for a request without an answer, as in client-go's metrics. */
    String NO_ANSWER = "<error>";

    /**
     * Called when the status line of an answer was received, or when the request failed without an answer.
     *
     * @param method the method of HTTP: "GET"
     * @param host the name and port of the server
     * @param code the status, or {@link #NO_ANSWER}
     * @param duration the time from sending to the status line
     */
    void requested(String method, String host, String code, Duration duration);
}
