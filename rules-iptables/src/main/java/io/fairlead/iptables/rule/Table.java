package io.fairlead.iptables.rule;

import java.util.List;
import java.util.Locale;

/**
 * The iptables tables in which Fairlead has chains. Each table defines the chain names that belong to Fairlead (IPT-3,
 * SYNC-12).
 */
public enum Table {
    MANGLE(List.of(ChainName.CANARY)),
    FILTER(List.of(
            ChainName.SERVICES,
            ChainName.EXTERNAL_SERVICES,
            ChainName.FORWARD,
            ChainName.NODE_PORTS,
            ChainName.PROXY_FIREWALL,
            ChainName.KUBELET_FIREWALL,
            ChainName.CANARY)),
    NAT(List.of(
            ChainName.SERVICES,
            ChainName.NODE_PORTS,
            ChainName.POSTROUTING,
            ChainName.MARK_MASQ,
            ChainName.MARK_DROP,
            ChainName.CANARY));

    @SuppressWarnings("ImmutableEnumChecker") // filled by List.of
    private final List<ChainName> fixedChains;

    private final String text;

    Table(List<ChainName> fixedChains) {
        this.fixedChains = fixedChains;
        this.text = name().toLowerCase(Locale.ROOT);
    }

    /** Returns the name in lower case, as in the iptables programs. */
    public String text() {
        return text;
    }

    /** Returns Fairlead's chains in this table that do not belong to a Service, in the order of kube-proxy. */
    public List<ChainName> fixedChains() {
        return fixedChains;
    }

    /**
     * Returns whether a chain with this name belongs to Fairlead in this table (IPT-23, CLN-3). Fairlead never changes
     * another chain.
     */
    public boolean owns(ChainName name) {
        return fixedChains.contains(name) || (this == NAT && name.isOfService()) || (this != MANGLE && name.isBranch());
    }

    /**
     * Returns whether an event on a table, a chain or a rule may affect Fairlead's rules. In Fairlead's chains, every
     * event may. In a built-in chain, or on the table itself, only a deletion may, because it may have deleted
     * Fairlead's jump.
     *
     * @param table the name of any table
     * @param chain the name of any chain; "" if the event is on the table itself
     * @param gone whether the event is a deletion
     */
    public static boolean mayBeOurs(String table, String chain, boolean gone) {
        for (Table ours : values()) {
            if (ours.text.equals(table)) {
                return (chain.isEmpty() || isBuiltIn(chain)) ? gone : ours.ownsNamed(chain);
            }
        }
        return false;
    }

    private static boolean isBuiltIn(String chain) {
        for (BuiltInChain builtIn : BuiltInChain.values()) {
            if (builtIn.name().equals(chain)) {
                return true;
            }
        }
        return false;
    }

    /** Does the same as {@link #owns} for a text that may not be a valid chain name. */
    public boolean ownsNamed(String name) {
        try {
            return owns(new ChainName(name));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
