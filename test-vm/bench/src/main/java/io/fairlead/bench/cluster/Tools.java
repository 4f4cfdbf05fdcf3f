package io.fairlead.bench.cluster;

import io.fairlead.core.plan.ProxyMode;
import java.util.List;

/** The mode of a proxy, and the tools with which it writes rules. */
public enum Tools {
    NFTABLES(ProxyMode.NFTABLES, "nftables", ""),
    IPTABLES_NFT(ProxyMode.IPTABLES, "iptables (nft variant)", "xtables-nft-multi"),
    IPTABLES_LEGACY(ProxyMode.IPTABLES, "iptables (legacy variant)", "xtables-legacy-multi"),
    /** The legacy variant with Fairlead's compact layout. kube-proxy has only one layout, with which it is measured. */
    IPTABLES_LEGACY_COMPACT(ProxyMode.IPTABLES, "iptables (legacy variant, compact)", "xtables-legacy-multi");

    private final ProxyMode mode;
    private final String text;
    private final String program;

    Tools(ProxyMode mode, String text, String program) {
        this.mode = mode;
        this.text = text;
        this.program = program;
    }

    /** Returns the tools that are measured by default, in which Fairlead uses kube-proxy's layout. */
    public static List<Tools> usual() {
        return List.of(NFTABLES, IPTABLES_NFT, IPTABLES_LEGACY);
    }

    /** Returns whether kube-proxy writes the same rules with both, because they differ only in Fairlead's layout. */
    boolean sameForKubeProxy(Tools other) {
        return mode == other.mode && program.equals(other.program);
    }

    ProxyMode mode() {
        return mode;
    }

    String text() {
        return text;
    }

    /** Returns the name of the iptables variant's program, which has all commands; "" for nftables. */
    String program() {
        return program;
    }

    /** Returns whether this is iptables-legacy. The kernel reports no transactions for it. */
    boolean isLegacy() {
        return this == IPTABLES_LEGACY || this == IPTABLES_LEGACY_COMPACT;
    }

    /** Returns the additional flags for Fairlead. */
    List<String> ofFairlead() {
        return this == IPTABLES_LEGACY_COMPACT ? List.of("--iptables-layout=compact") : List.of();
    }
}
