package io.fairlead.cluster.watch;

import java.time.Duration;

/** Is told of every request to the API server, for metrics. May be called by several threads at once. */
@FunctionalInterface
public interface RequestObserver {
    /** The code that stands for a request without an answer, as client-go's metrics have it. */
    String NO_ANSWER = "<error>";

    /**
     * A request has its status line, or failed without one.
     *
     * @param method as in HTTP: "GET"
     * @param host name and port of the server
     * @param code the status, or {@link #NO_ANSWER}
     * @param duration from sending to the status line
     */
    void requested(String method, String host, String code, Duration duration);
}
