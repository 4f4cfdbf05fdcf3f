/**
 * How a packet finds the rule of the frontend it is for: one row of rules, as kube-proxy has it, or a tree of chains.
 * Entry type: {@link io.fairlead.iptables.dispatch.Dispatch}. Pure; knows rules and no text.
 */
@NullMarked
package io.fairlead.iptables.dispatch;

import org.jspecify.annotations.NullMarked;
