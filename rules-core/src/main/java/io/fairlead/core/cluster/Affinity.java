package io.fairlead.core.cluster;

/** Session affinity of a Service (AFF-1, AFF-2). */
public sealed interface Affinity {

    /** Every connection picks anew. */
    record None() implements Affinity {}

    /**
     * One client address stays with one endpoint of a Service port.
     *
     * @param timeoutSeconds 1 to 86400; each new connection starts it anew
     */
    record ClientIp(int timeoutSeconds) implements Affinity {
        /**
         * Checks the range the API allows.
         *
         * @throws IllegalArgumentException if it is outside
         */
        public ClientIp {
            if (timeoutSeconds < 1 || timeoutSeconds > 86_400) {
                throw new IllegalArgumentException("timeoutSeconds out of range: " + timeoutSeconds);
            }
        }
    }
}
