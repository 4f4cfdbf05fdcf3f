/**
 * The cluster as a Kubernetes API server shows it: lists and watches, reduced to the records of
 * {@code io.fairlead.core.cluster} and delivered as events. Entry types: {@link io.fairlead.cluster.watch.ApiServer} (how to
 * reach it) and {@link io.fairlead.cluster.watch.ClusterWatch}. Knows nothing of rules, and decides nothing.
 */
@NullMarked
package io.fairlead.cluster.watch;

import org.jspecify.annotations.NullMarked;
