package io.fairlead.cluster.watch;

import java.time.Duration;

/** Counts the requests to the API server, for metrics. Several threads may call it at once. */
@FunctionalInterface
public interface RequestObserver {
    /** The code that stands for a request without an answer, as client-go's metrics have it. */
    String NO_ANSWER = "<error>";

    /**
     * Called when the status line of an answer has come, or when the request has failed without one.
     *
     * @param method as in HTTP: "GET"
     * @param host name and port of the server
     * @param code the status, or {@link #NO_ANSWER}
     * @param duration from sending to the status line
     */
    void requested(String method, String host, String code, Duration duration);
}
