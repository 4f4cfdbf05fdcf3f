package io.fairlead.core.cluster;

/** Session affinity of a Service (AFF-1, AFF-2). */
public sealed interface Affinity {

    /** No affinity: every connection chooses an endpoint independently. */
    record None() implements Affinity {}

    /**
     * ClientIP affinity: connections of one client address go to the same endpoint of a Service port.
     *
     * @param timeoutSeconds 1 to 86400; every new connection of the client restarts the time-out
     */
    record ClientIp(int timeoutSeconds) implements Affinity {
        /**
         * Checks that the time-out is in the range of the API.
         *
         * @throws IllegalArgumentException if it is not
         */
        public ClientIp {
            if (timeoutSeconds < 1 || timeoutSeconds > 86_400) {
                throw new IllegalArgumentException("timeoutSeconds out of range: " + timeoutSeconds);
            }
        }
    }
}
