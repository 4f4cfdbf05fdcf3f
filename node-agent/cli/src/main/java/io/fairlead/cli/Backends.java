package io.fairlead.cli;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.iptables.IptablesBackend;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.render.EndpointLayout;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.nft.NftBackend;
import io.fairlead.nft.kernel.NftProgram;

/** Which backend serves which mode. */
final class Backends {

    private Backends() {}

    static Backend<?, ?> open(ProxyMode mode, ProcessRunner processes) {
        return switch (mode) {
            case IPTABLES -> new IptablesBackend(processes, IptablesOptions.defaults());
            case NFTABLES -> new NftBackend(new NftProgram(processes));
        };
    }

    /** The same backend with other layouts of chains; nftables has none. */
    static Backend<?, ?> withLayouts(Backend<?, ?> backend, Layout frontends, EndpointLayout endpoints) {
        return backend instanceof IptablesBackend iptables
                ? iptables.with(frontends).with(endpoints)
                : backend;
    }

    /** The same backend with another family that must work (PROTO-7); nftables needs both. */
    @SuppressWarnings("unchecked") // of the class that it replaces
    static <R extends Ruleset, C extends Change> Backend<R, C> withPrimary(Backend<R, C> backend, IpFamily primary) {
        return backend instanceof IptablesBackend iptables ? (Backend<R, C>) iptables.withPrimary(primary) : backend;
    }
}
