/**
 * Runs iptables-save and iptables-restore. Entry types: {@link io.fairlead.iptables.kernel.Applier} and
 * {@link io.fairlead.iptables.kernel.Tools}. Only this package accesses the kernel.
 */
@NullMarked
package io.fairlead.iptables.kernel;

import org.jspecify.annotations.NullMarked;
