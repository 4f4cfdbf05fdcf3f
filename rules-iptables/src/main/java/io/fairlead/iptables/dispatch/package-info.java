/**
 * Creates the chains in which a packet finds the rule for its frontend: a linear chain, as in kube-proxy, or a dispatch
 * tree. Entry type: {@link io.fairlead.iptables.dispatch.Dispatch}. This package has no side effects. It depends on
 * {@code rule}, not on {@code text}.
 */
@NullMarked
package io.fairlead.iptables.dispatch;

import org.jspecify.annotations.NullMarked;
