package io.fairlead.iptables;

import static io.fairlead.core.fixture.ClusterObjects.alsoAt;
import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.fixture.Golden;
import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.Ip;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Follower;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.kernel.PacketCounters;
import io.fairlead.iptables.rule.CounterName;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests rules that count packets with nfacct (CT-16, NP-21). */
class CountedRulesTest {
    private static final ServiceObject WEB = but(alsoAt(service("web", "10.96.0.10"), "fd00:96::10"))
            .nodePort(30080)
            .done();
    private static final SliceObject ENDPOINTS = slice("web", "10.244.1.35", "10.244.1.36");

    private final Counters counters = new Counters();
    private final FakeIptables kernel = new FakeIptables();

    /** An implementation of nfacct objects in memory. */
    private static final class Counters implements PacketCounters {
        private final List<CounterName> created = new ArrayList<>();
        private boolean exist = true;
        private boolean refuse;

        @Override
        public boolean exist() {
            return exist;
        }

        @Override
        public Optional<String> create(CounterName name) {
            created.add(name);
            return refuse ? Optional.of("Cannot allocate memory") : Optional.empty();
        }

        @Override
        public OptionalLong packets(CounterName name) {
            return OptionalLong.empty();
        }
    }

    static Stream<Layout> layouts() {
        return Stream.of(Layout.FLAT, Layout.TREE, new Layout(6));
    }

    @Test
    void areRenderedAsReviewed() {
        Golden.assertMatches(
                Path.of("src/test/resources/golden/counted.iptables"),
                counting(kernel).layout().render(plan(WEB, defaults())).text());
    }

    @Test
    void countNothingOnLocalhostWhereNoNodePortIs() {
        NodeSettings defaults = defaults();
        NodeSettings off = new NodeSettings(
                defaults.mode(),
                defaults.nodeName(),
                List.of(),
                List.of(),
                defaults.detectLocal(),
                defaults.nodePortAddresses(),
                defaults.masqueradeBit(),
                false,
                false,
                true);
        assertThat(counting(kernel).layout().render(plan(WEB, off)).text()).doesNotContain("nfacct");
    }

    @Test
    void areWrittenAsBeforeOnAKernelWithoutCounters() {
        IptablesLayout plain = new IptablesLayout(IptablesOptions.defaults());
        String rules = plain.render(plan(WEB, defaults())).text();
        counters.exist = false;
        assertThat(counting(kernel).layout().render(plan(WEB, defaults())).text())
                .isEqualTo(rules);
        assertThat(rules).doesNotContain("nfacct");
    }

    @Test
    void areWrittenAsBeforeIfTheToolDoesNotAcceptTheMatch() {
        List<String> trials = new ArrayList<>();
        ProcessRunner refusing = command -> {
            trials.add(command.text() + "\n" + command.inputText());
            return new ProcessResult(2, "", "iptables-restore v1.8.9: Couldn't load match `nfacct'");
        };
        assertThat(counting(refusing).layout().render(plan(WEB, defaults())).text())
                .doesNotContain("nfacct");
        assertThat(trials).singleElement().asString().contains("--test").contains("-m nfacct --nfacct-name");
    }

    @Test
    void areReadBack() {
        Backend<IptablesRuleset, IptablesChange> backend = counting(kernel);
        IptablesRuleset desired = backend.layout().render(plan(WEB, defaults()));
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), desired));
        assertThat(backend.layout().diff(backend.kernel().read(), desired).text())
                .isEmpty();
        assertThat(counters.created).containsExactlyElementsOf(CounterName.OURS);
    }

    @Test
    void needTheirCountersOnlyOnceUntilTheKernelIsReadAgain() {
        Backend<IptablesRuleset, IptablesChange> backend = counting(kernel);
        IptablesRuleset nothing = backend.kernel().read();
        IptablesChange change = backend.layout().diff(nothing, backend.layout().render(plan(WEB, defaults())));
        backend.kernel().apply(change);
        backend.kernel().apply(change);
        assertThat(counters.created).hasSize(2);
        backend.kernel().read();
        backend.kernel().apply(change);
        assertThat(counters.created).hasSize(4);
    }

    @Test
    void createNoCounterToBeRemoved() {
        Backend<IptablesRuleset, IptablesChange> backend = counting(kernel);
        backend.kernel()
                .apply(backend.layout()
                        .diff(backend.kernel().read(), backend.layout().render(plan(WEB, defaults()))));
        counters.created.clear();
        backend.kernel().apply(backend.layout().removal(backend.kernel().read()));
        assertThat(counters.created).isEmpty();
    }

    @Test
    void goWithoutCountersIfTheKernelRefusesOne() {
        counters.refuse = true;
        Backend<IptablesRuleset, IptablesChange> backend = counting(kernel);
        IptablesChange change =
                backend.layout().diff(backend.kernel().read(), backend.layout().render(plan(WEB, defaults())));
        assertThatThrownBy(() -> backend.kernel().apply(change))
                .isInstanceOf(ApplyFailedException.class)
                .hasMessage("cannot create nfacct counter ct_state_invalid_dropped_pkts: Cannot allocate memory;"
                        + " rules are written without counters");
        assertThat(backend.kernel().read().text()).isEqualTo("# iptables\n# ip6tables\n");
        assertThat(backend.layout().render(plan(WEB, defaults())).text()).doesNotContain("nfacct");
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void doWhatTheModelDoes(Layout layout) {
        RuleLayout<IptablesRuleset, IptablesChange> backend =
                counting(kernel, layout).layout();
        Seeds.each(40, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.IPTABLES);
            Plan plan = cluster.plan();
            IptablesRuleset rules = backend.render(plan);
            FlowModel model = new FlowModel(plan, cluster.host());
            for (Flow flow : cluster.flows(30)) {
                assertThat(rules.tracer(cluster.host()).trace(flow).outcome()).isEqualTo(model.outcome(flow));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void followChanges(Layout layout) {
        RuleLayout<IptablesRuleset, IptablesChange> backend =
                counting(kernel, layout).layout();
        Seeds.each(15, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.IPTABLES);
            Planner planner = new Planner(cluster.settings());
            planner.replace(cluster.state());
            planner.update();
            IptablesRuleset before = backend.render(planner.plan());
            Follower<IptablesChange> follower = backend.follow(before, planner.plan());
            planner.replace(cluster.mutated(1).state());
            String change = follower.change(planner.update()).text();
            assertThat(change)
                    .isEqualTo(
                            backend.diff(before, backend.render(planner.plan())).text());
        });
    }

    private Backend<IptablesRuleset, IptablesChange> counting(ProcessRunner runner) {
        return counting(runner, Layout.AUTO);
    }

    private Backend<IptablesRuleset, IptablesChange> counting(ProcessRunner runner, Layout layout) {
        return new IptablesKernel(runner, IptablesOptions.defaults().with(layout))
                .counting(counters)
                .backend();
    }

    private static NodeSettings defaults() {
        return NodeSettings.defaults(ProxyMode.IPTABLES, "node-a");
    }

    private static Plan plan(ServiceObject service, NodeSettings settings) {
        NodeObject node = new NodeObject("node-a", "zone-a", List.of(Ip.parse("192.168.0.10")), List.of(), false);
        return Planner.plan(
                ClusterState.of(
                        Map.of(service.name(), service),
                        Map.of(ENDPOINTS.key(), ENDPOINTS),
                        Map.of("node-a", node),
                        Map.of()),
                settings);
    }
}
