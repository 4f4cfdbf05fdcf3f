package io.fairlead.iptables.rule;

/** The kernel's chains that Fairlead puts jumps into. */
public enum BuiltInChain {
    PREROUTING,
    INPUT,
    FORWARD,
    OUTPUT,
    POSTROUTING
}
