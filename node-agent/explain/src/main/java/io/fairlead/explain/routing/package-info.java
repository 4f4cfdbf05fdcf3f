/**
 * Finds where the kernel sends a packet, by addresses, routes and routing rules. Entry type: {@link
 * io.fairlead.explain.routing.Routing}.
 */
@NullMarked
package io.fairlead.explain.routing;

import org.jspecify.annotations.NullMarked;
