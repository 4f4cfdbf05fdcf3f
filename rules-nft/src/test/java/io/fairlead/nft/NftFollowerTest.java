package io.fairlead.nft;

import static io.fairlead.nft.fixture.Sync.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.fixture.ClusterObjects;
import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Follower;
import io.fairlead.nft.text.InMemoryNftables;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Tests changes that a follower computes from plan deltas. The tables in memory refuse the same changes as the kernel.
 */
class NftFollowerTest {
    private static final int CHANGES = 12;

    private final Backend<NftRuleset, NftChange> backend = new NftKernel(new InMemoryNftables()).backend();

    @Test
    void writesTheLinesThatAComparisonOfEverythingWrites() {
        Seeds.each(30, seed -> {
            Backend<NftRuleset, NftChange> kernel = new NftKernel(new InMemoryNftables()).backend();
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.NFTABLES);
            Planner planner = planner(cluster);
            sync(kernel, kernel.layout().render(planner.plan()));
            Follower<NftChange> follower =
                    kernel.layout().follow(kernel.kernel().read(), planner.plan());
            for (int i = 0; i < CHANGES; i++) {
                cluster = cluster.mutated(i);
                planner.replace(cluster.state());
                NftChange change = follower.change(planner.update());

                NftRuleset wanted = kernel.layout().render(planner.plan());
                assertThat(change.text())
                        .isEqualTo(kernel.layout()
                                .diff(kernel.kernel().read(), wanted)
                                .text());
                kernel.kernel().apply(change);
                follower.accepted();
                assertThat(kernel.layout().diff(kernel.kernel().read(), wanted).text())
                        .isEmpty();
            }
        });
    }

    /** The place of an endpoint is part of the plan. It affects the rules only if the endpoint runs on this node. */
    @Test
    void onWhichOtherNodeAnEndpointRunsChangesNoRule() {
        Planner planner = new Planner(NodeSettings.defaults(ProxyMode.NFTABLES, "node-a"));
        planner.put(ClusterObjects.service("web", "10.96.0.10"));
        planner.put(ClusterObjects.slice(
                "web", ClusterObjects.remote("10.244.2.1"), ClusterObjects.somewhere("10.244.2.2")));
        planner.update();
        sync(backend, backend.layout().render(planner.plan()));
        Follower<NftChange> follower = backend.layout().follow(backend.kernel().read(), planner.plan());
        planner.put(ClusterObjects.slice(
                "web", ClusterObjects.somewhere("10.244.2.1"), ClusterObjects.remote("10.244.2.2")));
        PlanDelta delta = planner.update();
        assertThat(delta.services()).hasSize(1);

        assertThat(follower.change(delta).isEmpty()).isTrue();
    }

    @Test
    void followsFromTablesWhereEndpointsHaveOtherNumbers() {
        Seeds.each(10, seed -> {
            Backend<NftRuleset, NftChange> kernel = new NftKernel(new InMemoryNftables()).backend();
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.NFTABLES);
            sync(kernel, kernel.layout().render(cluster.plan()));
            cluster = cluster.mutated(99);
            sync(kernel, kernel.layout().render(cluster.plan()));
            Planner planner = planner(cluster);
            Follower<NftChange> follower =
                    kernel.layout().follow(kernel.kernel().read(), planner.plan());
            for (int i = 0; i < CHANGES; i++) {
                cluster = cluster.mutated(i);
                planner.replace(cluster.state());
                kernel.kernel().apply(follower.change(planner.update()));
                follower.accepted();
                assertThat(kernel.layout()
                                .diff(kernel.kernel().read(), kernel.layout().render(planner.plan()))
                                .text())
                        .isEmpty();
            }
        });
    }

    @Test
    void aChangeThatWasNotAcceptedCountsForNothing() {
        RandomCluster cluster = RandomCluster.of(3, ProxyMode.NFTABLES);
        Planner planner = planner(cluster);
        sync(backend, backend.layout().render(planner.plan()));
        Plan before = planner.plan();
        Follower<NftChange> follower = backend.layout().follow(backend.kernel().read(), before);
        planner.replace(cluster.mutated(1).state());
        PlanDelta delta = planner.update();

        String first = follower.change(delta).text();

        assertThat(first).isNotEmpty();
        assertThat(follower.change(delta).text()).isEqualTo(first);
        follower.accepted();
        assertThatThrownBy(follower::accepted).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void doesNotFollowTheNodesOwnPart() {
        Plan plan = RandomCluster.of(3, ProxyMode.NFTABLES).plan();
        sync(backend, backend.layout().render(plan));
        Follower<NftChange> follower = backend.layout().follow(backend.kernel().read(), plan);

        assertThatThrownBy(() -> follower.change(new PlanDelta(new TreeMap<>(), true)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> backend.layout().follow(NftRuleset.NONE, plan))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Planner planner(RandomCluster cluster) {
        Planner planner = new Planner(cluster.settings());
        planner.replace(cluster.state());
        planner.update();
        return planner;
    }
}
