/**
 * The iptables backend. Entry types: {@link io.fairlead.iptables.IptablesLayout} computes rules and changes, and
 * {@link io.fairlead.iptables.IptablesKernel} reads and writes the rules in the kernel. Packages below this package:
 * {@code rule} contains rules as values. {@code render} turns a plan into rules. {@code dispatch} creates the chains
 * that list frontends. {@code text} reads and writes the text of the tools. {@code diff} computes the change from one
 * set of rules to another. {@code follow} computes changes that follow a plan. {@code trace} computes the path of a
 * packet. {@code kernel} accesses the kernel.
 */
@NullMarked
package io.fairlead.iptables;

import org.jspecify.annotations.NullMarked;
