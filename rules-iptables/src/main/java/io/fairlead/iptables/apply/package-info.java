/**
 * Runs iptables-save and iptables-restore. Entry types: {@link io.fairlead.iptables.apply.Applier} and
 * {@link io.fairlead.iptables.apply.Tools}. The only part that touches the kernel.
 */
@NullMarked
package io.fairlead.iptables.apply;

import org.jspecify.annotations.NullMarked;
