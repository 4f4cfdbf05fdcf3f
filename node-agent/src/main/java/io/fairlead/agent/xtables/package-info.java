/**
 * Whether somebody else has changed the rules of iptables, asked of the kernel and of neither tool nor table. Entry type:
 * {@link io.fairlead.agent.xtables.IptablesWatch}. It stands here because it is native code, which the backend of iptables does
 * without.
 */
@NullMarked
package io.fairlead.agent.xtables;

import org.jspecify.annotations.NullMarked;
