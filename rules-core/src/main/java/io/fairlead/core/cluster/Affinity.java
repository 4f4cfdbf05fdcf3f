package io.fairlead.core.cluster;

/** The session affinity of a Service (AFF-1, AFF-2). */
public sealed interface Affinity {

    /** No affinity: every connection chooses an endpoint independently. */
    record None() implements Affinity {}

    /**
     * ClientIP affinity: all connections from one client address to a Service port go to the same endpoint.
     *
     * @param timeoutSeconds 1 to 86400; every new connection of the client restarts the time-out
     */
    record ClientIp(int timeoutSeconds) implements Affinity {
        /**
         * Checks the time-out.
         *
         * @throws IllegalArgumentException if the time-out is outside the range of the Kubernetes API
         */
        public ClientIp {
            if (timeoutSeconds < 1 || timeoutSeconds > 86_400) {
                throw new IllegalArgumentException("timeoutSeconds out of range: " + timeoutSeconds);
            }
        }
    }
}
