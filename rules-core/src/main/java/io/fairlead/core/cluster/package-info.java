/**
 * Cluster state as far as rules depend on it: Services, EndpointSlices, Nodes and ServiceCIDRs, checked and reduced to
 * plain values. Entry type: {@link io.fairlead.core.cluster.ClusterState}. Depends on {@code net} alone.
 */
@NullMarked
package io.fairlead.core.cluster;

import org.jspecify.annotations.NullMarked;
