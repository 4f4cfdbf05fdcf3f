package io.fairlead.bench;

import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Follower;
import io.fairlead.nft.NftChange;
import io.fairlead.nft.NftLayout;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nftables.write.MessageSizes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures how the time to encode nftables transactions as netlink messages grows with the cluster. */
public class MessagesGrowth {

    /** The transactions for a cluster. */
    @State(Scope.Benchmark)
    public static class Transactions {
        /** The number of Services, each with one frontend (address, protocol and port). */
        @Param({"1000", "10000", "100000"})
        public int frontends;

        private final MessageSizes sizes = new MessageSizes();
        private Transaction load = new Transaction(List.of());
        private final List<Transaction> changes = new ArrayList<>();
        private Iterator<Transaction> next = changes.iterator();

        /** Creates the transactions. */
        @Setup
        public void make() {
            ReplacedEndpoints objects = ReplacedEndpoints.of(frontends);
            Planner planner = new Planner(NodeSettings.defaults(ProxyMode.NFTABLES, "bench"));
            planner.replace(objects.state());
            planner.update();
            NftLayout layout = new NftLayout();
            NftRuleset rules = layout.render(planner.plan());
            load = layout.diff(NftRuleset.NONE, rules).transaction();
            Follower<NftChange> follower = layout.follow(rules, planner.plan());
            for (var slice : objects.slices()) {
                planner.put(slice);
                PlanDelta delta = planner.update();
                changes.add(follower.change(delta).transaction());
                follower.accepted();
            }
            next = changes.iterator();
        }

        private Transaction change() {
            next = next.hasNext() ? next : changes.iterator();
            return next.next();
        }
    }

    /** Encodes the transaction that loads all rules. Returns its length in bytes. */
    @Benchmark
    public int encodeLoad(Transactions transactions) {
        return transactions.sizes.of(transactions.load);
    }

    /** Encodes the transaction for one change. Returns its length in bytes. */
    @Benchmark
    public int encodeOneChange(Transactions transactions) {
        return transactions.sizes.of(transactions.change());
    }
}
