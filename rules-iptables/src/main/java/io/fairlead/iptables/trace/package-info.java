/**
 * Follows packets through iptables rules as the kernel would. Entry type:
 * {@link io.fairlead.iptables.trace.PacketTracer}. Pure; does not use plans, so that its results can be compared with
 * the flow model.
 */
@NullMarked
package io.fairlead.iptables.trace;

import org.jspecify.annotations.NullMarked;
