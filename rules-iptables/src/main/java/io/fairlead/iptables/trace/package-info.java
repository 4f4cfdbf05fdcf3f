/**
 * Walks iptables rules as the kernel would. Entry type: {@link io.fairlead.iptables.trace.PacketTracer}. Pure; knows
 * nothing of plans, so that its answers can be compared with the model's.
 */
@NullMarked
package io.fairlead.iptables.trace;

import org.jspecify.annotations.NullMarked;
