package io.fairlead.agent.bench;

import io.fairlead.core.plan.ProxyMode;

/** Which rules, and by which tools. */
public enum Tools {
    NFTABLES(ProxyMode.NFTABLES, "nftables", ""),
    IPTABLES_NFT(ProxyMode.IPTABLES, "iptables (nft variant)", "xtables-nft-multi"),
    IPTABLES_LEGACY(ProxyMode.IPTABLES, "iptables (legacy variant)", "xtables-legacy-multi");

    private final ProxyMode mode;
    private final String text;
    private final String program;

    Tools(ProxyMode mode, String text, String program) {
        this.mode = mode;
        this.text = text;
        this.program = program;
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
}
