package io.fairlead.cli;

import io.fairlead.agent.xtables.NetlinkTables;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.iptables.kernel.RawTables;
import java.util.function.Function;

/**
 * The product's dialects.
 *
 * @param rawTables what nf_tables says of the tables of iptables in a network namespace, "" for this process's
 */
record ProductDialects(Function<String, RawTables> rawTables) implements Dialects {

    ProductDialects() {
        this(NetlinkTables::of);
    }

    @Override
    public Dialect<?, ?> open(ProxyMode mode, DialectContext context) {
        return switch (mode) {
            case IPTABLES -> new IptablesDialect(context, rawTables);
            case NFTABLES -> new NftDialect(context);
        };
    }
}
