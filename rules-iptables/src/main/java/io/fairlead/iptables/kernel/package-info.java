/**
 * Runs iptables-save and iptables-restore. Entry types: {@link io.fairlead.iptables.kernel.Applier} and
 * {@link io.fairlead.iptables.kernel.Tools}. The only part that touches the kernel.
 */
@NullMarked
package io.fairlead.iptables.kernel;

import org.jspecify.annotations.NullMarked;
