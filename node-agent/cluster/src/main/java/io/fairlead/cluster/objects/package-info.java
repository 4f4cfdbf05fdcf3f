/**
 * Reads Kubernetes objects from YAML and JSON, checks them one by one and reduces them to values of {@code
 * io.fairlead.core.cluster}. An object with a value that cannot be used is reported and set aside: no part of it is
 * used until it changes. It never affects other objects. Entry type: {@link io.fairlead.cluster.objects.ClusterReader}.
 * This package does not know rules, plans or the kernel.
 */
@NullMarked
package io.fairlead.cluster.objects;

import org.jspecify.annotations.NullMarked;
