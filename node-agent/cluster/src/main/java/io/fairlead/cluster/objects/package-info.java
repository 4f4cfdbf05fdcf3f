/**
 * Reads Kubernetes objects from YAML and JSON, checks them one by one and reduces them to values of {@code
 * io.fairlead.core.cluster}. A broken object is reported and set aside; it never affects others. Entry type: {@link
 * io.fairlead.cluster.objects.ClusterReader}. It does not know rules, plans or the kernel.
 */
@NullMarked
package io.fairlead.cluster.objects;

import org.jspecify.annotations.NullMarked;
