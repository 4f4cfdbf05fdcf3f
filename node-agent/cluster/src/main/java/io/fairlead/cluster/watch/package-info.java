/**
 * Reads the objects of the cluster from a Kubernetes API server. This package lists and watches objects, reduces them
 * to the records of {@code io.fairlead.core.cluster} and delivers changes. Entry types: {@link
 * io.fairlead.cluster.watch.ApiServer} (the client for the server) and {@link io.fairlead.cluster.watch.ClusterWatch}.
 * This package does not know rules and decides nothing.
 */
@NullMarked
package io.fairlead.cluster.watch;

import org.jspecify.annotations.NullMarked;
