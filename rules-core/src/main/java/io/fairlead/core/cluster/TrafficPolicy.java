package io.fairlead.core.cluster;

/** A value of {@code internalTrafficPolicy} or {@code externalTrafficPolicy}. */
public enum TrafficPolicy {
    CLUSTER,
    LOCAL
}
