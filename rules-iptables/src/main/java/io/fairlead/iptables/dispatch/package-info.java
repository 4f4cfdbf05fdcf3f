/**
 * How a packet finds the rule of its frontend: in a linear chain, as in kube-proxy, or in a dispatch tree. Entry type:
 * {@link io.fairlead.iptables.dispatch.Dispatch}. Pure; depends on rules, not on text.
 */
@NullMarked
package io.fairlead.iptables.dispatch;

import org.jspecify.annotations.NullMarked;
