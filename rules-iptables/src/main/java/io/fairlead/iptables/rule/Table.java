package io.fairlead.iptables.rule;

import java.util.List;
import java.util.Locale;

/** The tables Fairlead has chains in, each with the names that are its own there (IPT-3, SYNC-12). */
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

    /** Lower case, as the tools have it. */
    public String text() {
        return text;
    }

    /** Our chains that do not belong to a Service, in kube-proxy's order. */
    public List<ChainName> fixedChains() {
        return fixedChains;
    }

    /** Whether a chain of this name in this table is ours (IPT-23, CLN-3); no other chain is ever touched. */
    public boolean owns(ChainName name) {
        return fixedChains.contains(name) || (this == NAT && name.isOfService()) || (this != MANGLE && name.isBranch());
    }

    /**
     * Whether what has happened to a chain or one of its rules may be about what is ours: anything in our own chains;
     * in the kernel's, only that something went, as it may have been a jump to ours.
     *
     * @param table any table's name
     * @param chain any chain's name; "" for the table itself
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

    /** The same as {@link #owns} for text that need not be a name at all. */
    public boolean ownsNamed(String name) {
        try {
            return owns(new ChainName(name));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
