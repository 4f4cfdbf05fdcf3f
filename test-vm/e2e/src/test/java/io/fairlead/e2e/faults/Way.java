package io.fairlead.e2e.faults;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.iptables.IptablesOptions.Variant;
import java.util.List;

/** The three ways in which an agent writes rules. */
enum Way {
    NFTABLES(ProxyMode.NFTABLES, Variant.SYSTEM, ""),
    IPTABLES_NFT(ProxyMode.IPTABLES, Variant.NFT, "nft"),
    IPTABLES_LEGACY(ProxyMode.IPTABLES, Variant.LEGACY, "legacy");

    private final ProxyMode mode;
    private final Variant variant;
    private final String settled;

    Way(ProxyMode mode, Variant variant, String settled) {
        this.mode = mode;
        this.variant = variant;
        this.settled = settled;
    }

    ProxyMode mode() {
        return mode;
    }

    Variant variant() {
        return variant;
    }

    /** Returns the environment variables with which an agent writes rules in this way. */
    List<String> environment() {
        return settled.isEmpty() ? List.of() : List.of("FAIRLEAD_IPTABLES=" + settled);
    }
}
