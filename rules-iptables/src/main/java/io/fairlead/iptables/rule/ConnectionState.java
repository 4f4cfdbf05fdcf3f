package io.fairlead.iptables.rule;

/**
 * The states of {@code -m conntrack --ctstate} that occur in Fairlead's rules, in the order in which iptables-save
 * prints them.
 */
public enum ConnectionState {
    INVALID,
    NEW,
    RELATED,
    ESTABLISHED,
    DNAT
}
