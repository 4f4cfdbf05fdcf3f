/**
 * Reads information about iptables tables directly from the kernel, without running a program: whether other programs
 * have changed the rules, and objects that the output of iptables does not show. Entry types: {@link
 * io.fairlead.agent.xtables.IptablesWatch} and {@link io.fairlead.agent.xtables.NetlinkTables}. These classes are not
 * in the module for iptables rules, because that module must not call native code.
 */
@NullMarked
package io.fairlead.agent.xtables;

import org.jspecify.annotations.NullMarked;
