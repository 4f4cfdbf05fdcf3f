package io.fairlead.cli;

import io.fairlead.agent.xtables.NetlinkCounters;
import io.fairlead.agent.xtables.NetlinkTables;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.iptables.kernel.PacketCounters;
import io.fairlead.iptables.kernel.RawTables;
import java.util.function.Function;

/**
 * The product's dialects.
 *
 * @param rawTables what nf_tables says of the tables of iptables in a network namespace, "" for this process's
 * @param counters the nfacct objects of a network namespace
 */
record ProductDialects(Function<String, RawTables> rawTables, Function<String, PacketCounters> counters)
        implements Dialects {

    ProductDialects() {
        this(NetlinkTables::of, NetlinkCounters::of);
    }

    @Override
    public Dialect<?, ?> open(ProxyMode mode, DialectContext context) {
        return switch (mode) {
            case IPTABLES -> new IptablesDialect(context, rawTables, counters.apply(context.namespace()));
            case NFTABLES -> new NftDialect(context);
        };
    }
}
