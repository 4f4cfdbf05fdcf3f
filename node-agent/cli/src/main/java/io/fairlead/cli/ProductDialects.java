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
 * The dialects of the product.
 *
 * @param rawTables reads the tables of iptables from nf_tables, in a network namespace; "" is that of this process
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
