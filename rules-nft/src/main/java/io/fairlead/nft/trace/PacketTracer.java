package io.fairlead.nft.trace;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.trace.PacketWalk;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.Tracer;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Table;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Traces packets through the tables of both address families. No affinity map contains the client of a traced packet.
 */
public final class PacketTracer implements Tracer {
    private final Map<IpFamily, PacketWalk<Chain>> walks = new EnumMap<>(IpFamily.class);

    /** Creates a tracer through these tables, on this host. In a family without a table, every packet passes. */
    public PacketTracer(Map<IpFamily, Table> tables, Host host) {
        for (IpFamily family : IpFamily.values()) {
            Table empty = Table.of(family, Comment.NONE, List.of(), List.of(), List.of());
            RuleStep rules = new RuleStep(tables.getOrDefault(family, empty), host);
            walks.put(family, new PacketWalk<>(rules, host));
        }
    }

    @Override
    public Trace trace(Flow flow) {
        return Objects.requireNonNull(walks.get(flow.to().family())).trace(flow);
    }
}
