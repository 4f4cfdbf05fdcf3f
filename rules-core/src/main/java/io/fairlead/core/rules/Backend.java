package io.fairlead.core.rules;

/**
 * One dialect (iptables or nftables): renders plans, and accesses the kernel.
 *
 * @param layout the part that only computes: it renders plans and compares rules
 * @param kernel the part that reads and writes the rules in the kernel
 * @param <R> the type of the dialect's rules
 * @param <C> the type of the dialect's changes
 */
public record Backend<R extends Ruleset, C extends Change>(RuleLayout<R, C> layout, KernelRules<R, C> kernel) {}
