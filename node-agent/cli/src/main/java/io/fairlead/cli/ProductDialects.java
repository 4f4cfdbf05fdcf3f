package io.fairlead.cli;

import io.fairlead.agent.xtables.NetlinkCounters;
import io.fairlead.agent.xtables.NetlinkTables;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.explain.dump.NftListing;
import io.fairlead.explain.dump.NftProgramListing;
import io.fairlead.iptables.kernel.PacketCounters;
import io.fairlead.iptables.kernel.RawTables;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nftables.kernel.NetlinkNftables;
import java.util.function.Function;

/**
 * The dialects that the product uses.
 *
 * @param rawTables returns the reader of iptables' tables in nf_tables, for the name of a network namespace; "" for the
 *     namespace of this process
 * @param counters returns the nfacct packet counters, for the name of a network namespace
 * @param nftables opens the access to nftables by netlink
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

    @Override
    public NftListing listing(DialectContext context) {
        return switch (context.nft()) {
            case netlink -> new NetlinkListing(context.namespace());
            case program -> new NftProgramListing(context.processes());
        };
    }
}
