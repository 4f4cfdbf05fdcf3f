package io.fairlead.bench.cluster;

import io.fairlead.core.plan.ProxyMode;
import java.util.List;

/** Which rules, and by which tools. */
public enum Tools {
    NFTABLES(ProxyMode.NFTABLES, "nftables", ""),
    IPTABLES_NFT(ProxyMode.IPTABLES, "iptables (nft variant)", "xtables-nft-multi"),
    IPTABLES_LEGACY(ProxyMode.IPTABLES, "iptables (legacy variant)", "xtables-legacy-multi"),
    /** As before, but Fairlead with fewer rules; kube-proxy beside it has no other way to lay them out. */
    IPTABLES_LEGACY_COMPACT(ProxyMode.IPTABLES, "iptables (legacy variant, compact)", "xtables-legacy-multi");

    private final ProxyMode mode;
    private final String text;
    private final String program;

    Tools(ProxyMode mode, String text, String program) {
        this.mode = mode;
        this.text = text;
        this.program = program;
    }

    /** Those that are measured unless others are asked for: each by kube-proxy's layout. */
    public static List<Tools> usual() {
        return List.of(NFTABLES, IPTABLES_NFT, IPTABLES_LEGACY);
    }

    /** Whether kube-proxy does the same with both, as it has one layout for each mode. */
    boolean sameForKubeProxy(Tools other) {
        return mode == other.mode && program.equals(other.program);
    }

    ProxyMode mode() {
        return mode;
    }

    String text() {
        return text;
    }

    /** The program that is all of iptables' programs of a variant; empty for nftables. */
    String program() {
        return program;
    }

    /** Whether the kernel tells of no transactions. */
    boolean isLegacy() {
        return this == IPTABLES_LEGACY || this == IPTABLES_LEGACY_COMPACT;
    }

    /** Flags that only Fairlead has. */
    List<String> ofFairlead() {
        return this == IPTABLES_LEGACY_COMPACT ? List.of("--iptables-layout=compact") : List.of();
    }
}
