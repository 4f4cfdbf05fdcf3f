package io.fairlead.cli;

import io.fairlead.agent.xtables.NetlinkCounters;
import io.fairlead.agent.xtables.NetlinkTables;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.iptables.kernel.PacketCounters;
import io.fairlead.iptables.kernel.RawTables;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nftables.kernel.NetlinkNftables;
import java.util.function.Function;

/**
 * The product's dialects.
 *
 * @param rawTables what nf_tables says of the tables of iptables in a network namespace, "" for this process's
 * @param counters the nfacct objects of a network namespace
 * @param nftables the nftables of a network namespace without the program nft
 */
record ProductDialects(
        Function<String, RawTables> rawTables,
        Function<String, PacketCounters> counters,
        Function<DialectContext, Nftables> nftables)
        implements Dialects {

    ProductDialects() {
        this(NetlinkTables::of, NetlinkCounters::of, context -> NetlinkNftables.open(context.namespace()));
    }

    @Override
    public Dialect<?, ?> open(ProxyMode mode, DialectContext context) {
        return switch (mode) {
            case IPTABLES -> new IptablesDialect(context, rawTables, counters.apply(context.namespace()));
            case NFTABLES -> new NftDialect(context, nftables);
        };
    }
}
