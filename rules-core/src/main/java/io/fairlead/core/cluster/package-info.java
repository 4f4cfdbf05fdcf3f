/**
 * The cluster state on which rules depend: Services, EndpointSlices, Nodes and ServiceCIDRs, checked and reduced to
 * plain values. Entry type: {@link io.fairlead.core.cluster.ClusterState}. This package depends only on {@code net}.
 */
@NullMarked
package io.fairlead.core.cluster;

import org.jspecify.annotations.NullMarked;
