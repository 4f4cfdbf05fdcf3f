package io.fairlead.agent.cli;

import io.fairlead.core.backend.Backend;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.process.ProcessRunner;
import io.fairlead.iptables.IptablesBackend;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.nft.NftBackend;
import io.fairlead.nft.apply.NftProgram;

/** Which backend serves which mode. */
final class Backends {

    private Backends() {}

    static Backend<?, ?> open(ProxyMode mode, ProcessRunner processes) {
        return switch (mode) {
            case IPTABLES -> new IptablesBackend(processes, IptablesOptions.defaults());
            case NFTABLES -> new NftBackend(new NftProgram(processes));
        };
    }
}
