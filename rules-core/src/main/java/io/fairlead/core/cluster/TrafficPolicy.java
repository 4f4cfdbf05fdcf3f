package io.fairlead.core.cluster;

/** {@code internalTrafficPolicy} and {@code externalTrafficPolicy} of the API. */
public enum TrafficPolicy {
    CLUSTER,
    LOCAL
}
