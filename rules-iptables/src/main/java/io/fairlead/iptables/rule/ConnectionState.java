package io.fairlead.iptables.rule;

/** The states of {@code -m conntrack --ctstate} that our rules use, in the order of the kernel's text. */
public enum ConnectionState {
    INVALID,
    NEW,
    RELATED,
    ESTABLISHED,
    DNAT
}
