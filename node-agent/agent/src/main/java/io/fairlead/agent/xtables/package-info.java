/**
 * Reads about the tables of iptables from the kernel, without a program: whether other programs have changed the rules,
 * and what the output of iptables leaves out. Entry types: {@link io.fairlead.agent.xtables.IptablesWatch} and {@link
 * io.fairlead.agent.xtables.NetlinkTables}. They are here because they are native code, which the module of the dialect
 * does not have.
 */
@NullMarked
package io.fairlead.agent.xtables;

import org.jspecify.annotations.NullMarked;
