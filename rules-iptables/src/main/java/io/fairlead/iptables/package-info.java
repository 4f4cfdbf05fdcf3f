/**
 * The iptables backend. Entry type: {@link io.fairlead.iptables.IptablesBackend}; everything else is reached through
 * it. The sub-packages are rules as values ({@code rule}), plan to rules ({@code render}), text to and from the tools
 * ({@code text}), the way from one set of rules to another ({@code diff}), the packet's way ({@code trace}) and the
 * only place that touches the kernel ({@code kernel}).
 */
@NullMarked
package io.fairlead.iptables;

import org.jspecify.annotations.NullMarked;
