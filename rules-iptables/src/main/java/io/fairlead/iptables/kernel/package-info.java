/**
 * Runs iptables-save and iptables-restore. Entry types: {@link io.fairlead.iptables.kernel.Applier} writes rules, and
 * {@link io.fairlead.iptables.kernel.Tools} runs the programs. Only this package accesses the kernel.
 */
@NullMarked
package io.fairlead.iptables.kernel;

import org.jspecify.annotations.NullMarked;
