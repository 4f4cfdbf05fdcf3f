package io.fairlead.core.cluster;

/** The value of {@code internalTrafficPolicy} or {@code externalTrafficPolicy}. */
public enum TrafficPolicy {
    CLUSTER,
    LOCAL
}
