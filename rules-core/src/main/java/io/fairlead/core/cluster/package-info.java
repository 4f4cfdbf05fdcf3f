/**
 * The cluster state that rules depend on: Services, EndpointSlices, Nodes and ServiceCIDRs, checked and reduced to
 * plain values. Entry type: {@link io.fairlead.core.cluster.ClusterState}. Depends only on {@code net}.
 */
@NullMarked
package io.fairlead.core.cluster;

import org.jspecify.annotations.NullMarked;
