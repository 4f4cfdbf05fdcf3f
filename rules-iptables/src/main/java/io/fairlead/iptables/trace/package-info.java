/**
 * Follows packets through iptables rules as the kernel would, without side effects. Entry type:
 * {@link io.fairlead.iptables.trace.PacketTracer}. This package does not use plans. Therefore its results can be
 * compared with the results of the flow model.
 */
@NullMarked
package io.fairlead.iptables.trace;

import org.jspecify.annotations.NullMarked;
