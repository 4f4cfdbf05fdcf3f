/**
 * The sources of Kubernetes objects: an API server or files. Both deliver changes of objects to a {@link
 * io.fairlead.cluster.watch.ClusterSink}. Entry type: {@link io.fairlead.agent.source.ClusterSource}. This package does
 * not know rules.
 */
@NullMarked
package io.fairlead.agent.source;

import org.jspecify.annotations.NullMarked;
