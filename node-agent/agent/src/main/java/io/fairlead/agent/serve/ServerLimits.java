package io.fairlead.agent.serve;

import java.util.Map;

/**
 * Limits of the JDK's HTTP server. Without them (JDK 25) a client may hold a connection for ever with a request that it
 * never completes, and may open any number of connections. The limits are system properties that the server reads once,
 * so they must be set before the first server is created. A property that is already set stays.
 */
final class ServerLimits {
    /** The number of open connections of one port. Further connections are closed immediately. */
    static final int MOST_CONNECTIONS = 500;

    /** The time in which a request must be complete, and the longest time of a connection without a request. */
    static final int REQUEST_SECONDS = 5;

    private static final int CHECK_MILLIS = 5_000;
    private static final int ANSWER_SECONDS = 30;
    private static final int MOST_HEADER_BYTES = 16 * 1024;

    private static final Map<String, Integer> PROPERTIES = Map.of(
            "jdk.httpserver.maxConnections", MOST_CONNECTIONS,
            "sun.net.httpserver.maxReqTime", REQUEST_SECONDS,
            "sun.net.httpserver.maxRspTime", ANSWER_SECONDS,
            "sun.net.httpserver.maxReqHeaderSize", MOST_HEADER_BYTES,
            "sun.net.httpserver.timerMillis", CHECK_MILLIS,
            "sun.net.httpserver.clockTick", CHECK_MILLIS);

    private ServerLimits() {}

    static void set() {
        PROPERTIES.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, Integer.toString(value));
            }
        });
    }
}
