/**
 * Reads the cluster from a Kubernetes API server: lists and watches objects, reduces them to the records of {@code
 * io.fairlead.core.cluster} and delivers them as changes. Entry types: {@link io.fairlead.cluster.watch.ApiServer} (how
 * to reach it) and {@link io.fairlead.cluster.watch.ClusterWatch}. It does not know rules and decides nothing.
 */
@NullMarked
package io.fairlead.cluster.watch;

import org.jspecify.annotations.NullMarked;
