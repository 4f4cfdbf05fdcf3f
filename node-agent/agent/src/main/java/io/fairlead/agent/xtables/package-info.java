/**
 * What the kernel itself says of the tables of iptables, asked of no program: whether other programs have changed the
 * rules, and what iptables leaves out. Entry types: {@link io.fairlead.agent.xtables.IptablesWatch} and {@link
 * io.fairlead.agent.xtables.NetlinkTables}. They are here because they are native code, which the backend of iptables
 * does without.
 */
@NullMarked
package io.fairlead.agent.xtables;

import org.jspecify.annotations.NullMarked;
