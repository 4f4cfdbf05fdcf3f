package io.fairlead.iptables.rule;

/**
 * What {@code -m conntrack --ctstate} tells apart, as far as our rules ask for it; in the order the kernel's text has.
 */
public enum ConnectionState {
    INVALID,
    NEW,
    RELATED,
    ESTABLISHED,
    DNAT
}
