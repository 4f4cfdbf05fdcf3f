package io.fairlead.core.rules;

/**
 * A dialect that renders plans and accesses the kernel.
 *
 * @param layout the pure half
 * @param kernel the half that reads and writes the rules in the kernel
 * @param <R> the rules of the dialect
 * @param <C> the changes of the dialect
 */
public record Backend<R extends Ruleset, C extends Change>(RuleLayout<R, C> layout, KernelRules<R, C> kernel) {}
