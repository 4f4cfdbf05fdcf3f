/**
 * Kubernetes objects from YAML and JSON, checked one by one and reduced to {@code io.fairlead.core.cluster} values. An
 * object that is broken is reported and set aside; it never takes others with it. Entry type:
 * {@link io.fairlead.cluster.objects.ClusterReader}. Knows nothing of rules, plans or the kernel.
 */
@NullMarked
package io.fairlead.cluster.objects;

import org.jspecify.annotations.NullMarked;
