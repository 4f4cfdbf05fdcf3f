package io.fairlead.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fairlead.core.fixture.ClusterObjects;
import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.RemoteHairpin;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.fixture.Shrinker;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.verify.Verification;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.render.EndpointLayout;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.text.SaveReader;
import io.fairlead.linux.process.ProcessRunner;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RandomClustersTest {
    private static final ProcessRunner NO_KERNEL = command -> {
        throw new AssertionError("a pure function ran " + command.text());
    };

    private final Backend<IptablesRuleset, IptablesChange> backend = backend(IptablesOptions.defaults());

    private static Backend<IptablesRuleset, IptablesChange> backend(IptablesOptions options) {
        return new IptablesKernel(NO_KERNEL, options).backend();
    }

    /**
     * Returns options for linear chains, trees, both in one table, and the compact layout, in which fewer endpoints
     * have a chain.
     */
    static Stream<IptablesOptions> layouts() {
        IptablesOptions defaults = IptablesOptions.defaults();
        return Stream.of(
                defaults.with(Layout.FLAT),
                defaults.with(Layout.TREE),
                defaults.with(new Layout(6)),
                defaults.with(EndpointLayout.COMPACT));
    }

    private static boolean isLimit(IptablesOptions options, Plan plan, Flow flow) {
        return options.endpoints() == EndpointLayout.COMPACT && RemoteHairpin.is(plan, flow);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void textAndModelAgreeOnEveryFlow(IptablesOptions options) {
        Backend<IptablesRuleset, IptablesChange> backend = backend(options);
        Seeds.each(120, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.IPTABLES);
            Plan plan = cluster.plan();
            IptablesRuleset rules = backend.layout().render(plan);
            FlowModel model = new FlowModel(plan, cluster.host());
            for (Flow flow : cluster.flows(30)) {
                if (isLimit(options, plan, flow)) {
                    continue;
                }
                Trace trace = rules.tracer(cluster.host()).trace(flow);
                assertThat(trace.outcome())
                        .as(() -> trace.paths() + "\n"
                                + Shrinker.report(
                                        cluster,
                                        flow,
                                        smaller -> !isLimit(options, smaller.plan(), flow)
                                                && !agree(backend, smaller, flow)))
                        .isEqualTo(model.outcome(flow));
            }
        });
    }

    /** With the compact layout, only flows for which {@link RemoteHairpin#is} is true have another outcome. */
    @Test
    void fewerChainsMatterToEndpointsOfOtherNodesAlone() {
        Backend<IptablesRuleset, IptablesChange> compact =
                backend(IptablesOptions.defaults().with(EndpointLayout.COMPACT));
        int[] limits = {0};
        Seeds.from(1, 120, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.IPTABLES);
            Plan plan = cluster.plan();
            for (Flow flow : cluster.flows(30)) {
                Outcome all = backend.layout()
                        .render(plan)
                        .tracer(cluster.host())
                        .trace(flow)
                        .outcome();
                Outcome fewer = compact.layout()
                        .render(plan)
                        .tracer(cluster.host())
                        .trace(flow)
                        .outcome();
                if (!fewer.equals(all)) {
                    limits[0]++;
                    assertThat(RemoteHairpin.is(plan, flow)).as(flow.text()).isTrue();
                    assertThat(fewer).isEqualTo(Outcome.dnat(all.endpoints(), false));
                    assertThat(all.masquerade()).isTrue();
                }
            }
        });
        assertThat(limits[0]).isPositive();
    }

    private static boolean agree(Backend<IptablesRuleset, IptablesChange> backend, RandomCluster cluster, Flow flow) {
        IptablesRuleset rules = backend.layout().render(cluster.plan());
        return rules.tracer(cluster.host())
                .trace(flow)
                .outcome()
                .equals(new FlowModel(cluster.plan(), cluster.host()).outcome(flow));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void renderedRulesVerify(IptablesOptions options) {
        Backend<IptablesRuleset, IptablesChange> backend = backend(options);
        Seeds.each(60, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.IPTABLES);
            IptablesRuleset rules = backend.layout().render(cluster.plan());
            assertThat(Verification.of(
                                    cluster.plan(), cluster.host(), rules.tracer(cluster.host()), _ -> true, () -> {})
                            .findings())
                    .isEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void everyEndpointGetsItsShare(IptablesOptions options) {
        Backend<IptablesRuleset, IptablesChange> backend = backend(options);
        Seeds.each(100, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.IPTABLES);
            IptablesRuleset rules = backend.layout().render(cluster.plan());
            FlowModel model = new FlowModel(cluster.plan(), cluster.host());
            for (Flow flow : cluster.flows(30)) {
                Trace trace = rules.tracer(cluster.host()).trace(flow);
                assertThat(trace.paths().stream().mapToDouble(TracePath::share).sum())
                        .isCloseTo(1, within(1e-12));
                // The kernel stores a probability as a 31-bit number. The error of each of the n rules is at most
                // 2^-32, so the error of each share is also small. An endpoint of two backends has two rules.
                Map<IpPort, Double> shares = model.shares(flow);
                assertThat(trace.shares().keySet()).isEqualTo(shares.keySet());
                shares.forEach((endpoint, share) -> assertThat(trace.shares().get(endpoint))
                        .as("%s", flow)
                        .isCloseTo(share, within(2 * shares.size() * 1e-9)));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void whatIsWrittenIsReadBackAsItWas(IptablesOptions options) {
        Backend<IptablesRuleset, IptablesChange> backend = backend(options);
        Seeds.each(120, seed -> {
            IptablesRuleset rules = backend.layout()
                    .render(RandomCluster.of(seed, ProxyMode.IPTABLES).plan());
            FamilyRules[] read = rules.families().values().stream()
                    .map(family -> SaveReader.read(family.family(), textOf(family)))
                    .toArray(FamilyRules[]::new);
            for (IpFamily family : IpFamily.values()) {
                assertThat(IptablesRuleset.of(read).families().get(family))
                        .as(textOf(read[family == IpFamily.IPV4 ? 0 : 1]))
                        .isEqualTo(rules.families().get(family));
            }
        });
    }

    @Test
    void moreEndpointsThanSixteenBitsCountAreNothingSpecial() {
        int many = 65_540;
        String[] ips = IntStream.range(0, many)
                .mapToObj(i -> "10." + (100 + (i >> 16)) + "." + (i >> 8 & 255) + "." + (i & 255))
                .toArray(String[]::new);
        Planner planner = new Planner(NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));
        planner.put(ClusterObjects.service("web", "10.96.0.10"));
        planner.put(ClusterObjects.slice("web", ips));
        planner.update();

        String text = backend.layout().render(planner.plan()).text();

        assertThat(text.lines().filter(line -> line.contains("-j DNAT"))).hasSize(many);
        assertThat(text).contains("--probability 0.0000152579 ");
    }

    private static String textOf(FamilyRules family) {
        return IptablesRuleset.of(family).text();
    }
}
