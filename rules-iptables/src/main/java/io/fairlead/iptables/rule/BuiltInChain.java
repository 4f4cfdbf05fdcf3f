package io.fairlead.iptables.rule;

/** The built-in chains of the kernel into which Fairlead inserts jumps. */
public enum BuiltInChain {
    PREROUTING,
    INPUT,
    FORWARD,
    OUTPUT,
    POSTROUTING
}
