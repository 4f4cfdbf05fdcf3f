/**
 * The netfilter rules of any program, in one form for iptables and nftables. Entry type: {@link
 * io.fairlead.explain.model.NodeRules}. A match or statement is either understood or kept as text and named as not
 * understood.
 */
@NullMarked
package io.fairlead.explain.model;

import org.jspecify.annotations.NullMarked;
