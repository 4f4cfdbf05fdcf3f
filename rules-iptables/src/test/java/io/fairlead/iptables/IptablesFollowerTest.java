package io.fairlead.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.cluster.SliceObject;
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
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.render.EndpointLayout;
import io.fairlead.iptables.rule.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests changes that a follower computes from plan deltas. */
class IptablesFollowerTest {
    private static final int CHANGES = 12;

    private final Backend<IptablesRuleset, IptablesChange> backend = backend(IptablesOptions.defaults());

    private static Backend<IptablesRuleset, IptablesChange> backend(IptablesOptions options) {
        return new IptablesKernel(
                        command -> {
                            throw new AssertionError("a pure function ran " + command.text());
                        },
                        options)
                .backend();
    }

    /**
     * Returns options for linear chains, trees, chains that change between both, and the compact layout, in which fewer
     * endpoints have a chain.
     */
    static Stream<IptablesOptions> layouts() {
        IptablesOptions defaults = IptablesOptions.defaults();
        return Stream.concat(
                Stream.of(Layout.FLAT, Layout.TREE, new Layout(6), new Layout(15))
                        .map(defaults::with),
                Stream.of(defaults.with(EndpointLayout.COMPACT)));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void writesTheLinesThatAComparisonOfEverythingWrites(IptablesOptions options) {
        Backend<IptablesRuleset, IptablesChange> backend = backend(options);
        Seeds.each(25, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.IPTABLES);
            Planner planner = planner(cluster);
            Compared compared = new Compared(backend, planner);
            for (int i = 0; i < CHANGES; i++) {
                cluster = cluster.mutated(i);
                planner.replace(cluster.state());
                compared.next();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void changesOfEndpointsAloneAreOneTransactionOfTheNatTable(IptablesOptions options) {
        Planner planner = new Planner(NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));
        planner.put(ClusterObjects.service("web", "10.96.0.10"));
        planner.put(endpoints("web", 2));
        planner.update();
        Compared compared = new Compared(backend(options), planner);
        planner.put(endpoints("web", 3));

        assertThat(compared.next().transactions())
                .extracting(TableChange::table)
                .containsExactly(Table.NAT);
    }

    /**
     * The plan contains whether an endpoint is on this node. This affects the rules only if it decides whether the
     * endpoint has a chain.
     */
    @ParameterizedTest
    @EnumSource
    void whereAnEndpointRunsChangesRulesOnlyIfItsChainDependsOnThat(EndpointLayout layout) {
        Backend<IptablesRuleset, IptablesChange> backend =
                backend(IptablesOptions.defaults().with(layout));
        Planner planner = new Planner(NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));
        planner.put(ClusterObjects.service("web", "10.96.0.10"));
        planner.put(ClusterObjects.slice("web", ClusterObjects.somewhere("10.244.2.1")));
        planner.update();
        Follower<IptablesChange> follower =
                backend.layout().follow(backend.layout().render(planner.plan()), planner.plan());
        planner.put(ClusterObjects.slice("web", ClusterObjects.remote("10.244.2.1")));

        IptablesChange change = follower.change(planner.update());

        assertThat(change.isEmpty()).isEqualTo(layout == EndpointLayout.KUBE_PROXY);
        assertThat(change.text().contains("-X KUBE-SEP-")).isEqualTo(layout == EndpointLayout.COMPACT);
    }

    /** Whether only the change is computed or everything is compared, the same rules have comments (IPT-26). */
    @ParameterizedTest
    @EnumSource
    void aClusterThatBecomesLargeOrSmallIsFollowedLikeAnyOther(EndpointLayout layout) {
        Backend<IptablesRuleset, IptablesChange> backend =
                backend(IptablesOptions.defaults().with(layout));
        Planner planner = new Planner(NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));
        planner.put(ClusterObjects.service("many", "10.96.0.10"));
        planner.put(ClusterObjects.service("few", "10.96.0.11"));
        planner.put(endpoints("many", 999));
        planner.put(endpoints("few", 1));
        planner.update();
        Compared compared = new Compared(backend, planner);
        List<String> written = new ArrayList<>();
        for (SliceObject slice : List.of(
                endpoints("few", 3),
                endpoints("few", 4),
                endpoints("many", 998),
                endpoints("many", 996),
                endpoints("few", 3))) {
            planner.put(slice);
            written.add(compared.next().text());
        }
        assertThat(written)
                .extracting(text -> text.contains("default/few:http -> "))
                .as("comments of the Service that changes; those of the other are never written for that alone")
                .containsExactly(false, false, false, false, true);
        assertThat(written.getLast()).doesNotContain("default/many");
    }

    /** Computes changes with a follower. As a check, it also compares whole rulesets at each change. */
    private static final class Compared {
        private final Backend<IptablesRuleset, IptablesChange> backend;
        private final Planner planner;
        private final Follower<IptablesChange> follower;
        private IptablesRuleset kernel;

        Compared(Backend<IptablesRuleset, IptablesChange> backend, Planner planner) {
            this.backend = backend;
            this.planner = planner;
            this.kernel = backend.layout().render(planner.plan());
            this.follower = backend.layout().follow(kernel, planner.plan());
        }

        /**
         * Computes the change for the planner's next update in both ways. Then treats the change as accepted by the
         * kernel.
         */
        IptablesChange next() {
            IptablesChange change = follower.change(planner.update());

            IptablesRuleset desired = backend.layout().render(planner.plan());
            IptablesChange whole = backend.layout().diff(kernel, desired);
            assertThat(change.text()).isEqualTo(whole.text());
            kernel = backend.layout().after(kernel, whole);
            follower.accepted();
            return change;
        }
    }

    private static SliceObject endpoints(String service, int many) {
        return ClusterObjects.slice(
                service,
                IntStream.range(0, many)
                        .mapToObj(i -> ClusterObjects.remote("10.244.%d.%d".formatted(i / 250, 1 + i % 250)))
                        .toArray(SliceObject.SliceEndpoint[]::new));
    }

    @Test
    void aChangeThatWasNotAcceptedCountsForNothing() {
        Seeds.each(10, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.IPTABLES);
            Planner planner = planner(cluster);
            Follower<IptablesChange> follower =
                    backend.layout().follow(backend.layout().render(planner.plan()), planner.plan());
            planner.replace(cluster.mutated(1).state());
            PlanDelta delta = planner.update();

            String first = follower.change(delta).text();
            assertThat(follower.change(delta).text()).isEqualTo(first);
            follower.accepted();
            assertThatThrownBy(follower::accepted).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void doesNotFollowTheNodesOwnPart() {
        Plan plan = RandomCluster.of(3, ProxyMode.IPTABLES).plan();
        Follower<IptablesChange> follower =
                backend.layout().follow(backend.layout().render(plan), plan);

        assertThatThrownBy(() -> follower.change(new PlanDelta(new TreeMap<>(), true)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Planner planner(RandomCluster cluster) {
        Planner planner = new Planner(cluster.settings());
        planner.replace(cluster.state());
        planner.update();
        return planner;
    }
}
