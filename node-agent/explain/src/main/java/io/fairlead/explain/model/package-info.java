/**
 * The netfilter rules of all programs on a node, in one form for iptables and nftables. Entry type: {@link
 * io.fairlead.explain.model.NodeRules}. A match or action whose meaning is unknown is kept as text.
 */
@NullMarked
package io.fairlead.explain.model;

import org.jspecify.annotations.NullMarked;
