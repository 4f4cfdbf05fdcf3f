package io.fairlead.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.loop.RuleSync;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.iptables.IptablesKernel;
import io.fairlead.iptables.IptablesLayout;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.iptables.render.EndpointLayout;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.Table;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.time.SystemTime;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.SetName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests the cost of one change, which is counted instead of timed. The cost must be the same in a small cluster and in
 * a cluster that is ten times larger.
 */
final class ChangeCountsTest {
    private static final int SMALL = 1_000;
    private static final int LARGE = 10_000;
    private static final int BURST = 500;

    /**
     * The cost of one pass of the agent (a round).
     *
     * @param services the number of Services whose plan changed
     * @param added the number of added lines of rules
     * @param removed the number of removed lines of rules
     * @param written the transactions that were written
     * @param wholly whether all rules were read and compared
     */
    private record Cost(int services, long added, long removed, KernelMeter.Written written, boolean wholly) {}

    /** The tested modes and layouts. */
    enum Way {
        NFTABLES,
        IPTABLES,
        IPTABLES_COMPACT
    }

    private record Size(Way way, int services) {}

    private record Costs(Map<String, Cost> endpoints, Map<String, Cost> services) {}

    /** The costs by size of the cluster. All tests share them, because loading a large cluster is slow. */
    private static final Map<Size, Costs> KNOWN = new ConcurrentHashMap<>();

    @ParameterizedTest
    @EnumSource
    void endpointsThatComeAndGoCostTheSameAtAnySize(Way way) {
        Map<String, Cost> small = endpoints(way, SMALL);
        Map<String, Cost> large = endpoints(way, LARGE);

        assertThat(large).isEqualTo(small);
        small.values().forEach(cost -> {
            assertThat(cost.wholly()).isFalse();
            assertThat(cost.written().transactions()).isEqualTo(1);
            assertThat(cost.added() + cost.removed()).isPositive();
        });
        assertThat(small.values().stream().mapToInt(Cost::services)).containsExactly(1, 1, 1, BURST);
    }

    @ParameterizedTest
    @EnumSource
    void aServiceThatComesOrGoesCostsTheSameAtAnySize(Way way) {
        Map<String, Cost> small = services(way, SMALL);

        assertThat(services(way, LARGE)).isEqualTo(small);
        assertThat(small.values().stream().mapToInt(Cost::services)).containsExactly(1, 1, 1, 1);
        assertThat(small.values()).noneMatch(Cost::wholly);
        assertThat(small.values().stream().mapToLong(cost -> cost.written().bytes()))
                .allMatch(bytes -> bytes < 10_000);
    }

    @Test
    void aSliceThatSaysTheSameCostsNothing() {
        Subject<?, ?> subject = subject(Way.NFTABLES, SMALL);
        subject.round();
        subject.cluster.scale(7, 2);

        assertThat(subject.round()).isEqualTo(new Cost(0, 0, 0, new KernelMeter.Written(0, 0), false));
    }

    /** A slice without node names changes the plan. It changes rules only if a chain depends on the node. */
    @ParameterizedTest
    @EnumSource
    void endpointsThatLoseTheirNodeNameChangeOnlyRulesThatDependOnIt(Way way) {
        Subject<?, ?> subject = subject(way, 10);
        subject.round();
        subject.cluster.forgetNode(7);

        Cost cost = subject.round();

        assertThat(cost.services()).isEqualTo(1);
        assertThat(cost.written().transactions()).isEqualTo(way == Way.IPTABLES_COMPACT ? 1 : 0);
        assertThat(cost.added() + cost.removed() > 0).isEqualTo(way == Way.IPTABLES_COMPACT);
    }

    /** The expected numbers are in docs/iptables.md. In the kernel each chain also has a first and a last entry. */
    @ParameterizedTest
    @CsvSource({
        "IPTABLES, 1000, 7073, 13219",
        "IPTABLES_COMPACT, 1000, 3073, 5219",
        "IPTABLES, 10000, 70674, 132022",
        "IPTABLES_COMPACT, 10000, 30674, 52022"
    })
    void rulesAreAsFewAsIsSaid(Way way, int services, int rules, int entries) {
        Plan plan =
                Planner.plan(new BenchCluster(services, 2).state(), NodeSettings.defaults(ProxyMode.IPTABLES, "bench"));

        List<Chain> chains = List.copyOf(new IptablesLayout(options(way))
                .render(plan)
                .families()
                .get(IpFamily.IPV4)
                .table(Table.NAT)
                .chains()
                .values());

        int counted = chains.stream().mapToInt(chain -> chain.rules().size()).sum();
        assertThat(List.of(counted, counted + 2 * chains.size())).isEqualTo(List.of(rules, entries));
    }

    private static Map<String, Cost> endpoints(Way way, int services) {
        return KNOWN.computeIfAbsent(new Size(way, services), ChangeCountsTest::costs)
                .endpoints();
    }

    private static Map<String, Cost> services(Way way, int services) {
        return KNOWN.computeIfAbsent(new Size(way, services), ChangeCountsTest::costs)
                .services();
    }

    private static Costs costs(Size size) {
        Subject<?, ?> subject = subject(size.way(), size.services());
        subject.round();
        return new Costs(endpoints(subject), services(subject));
    }

    private static Map<String, Cost> endpoints(Subject<?, ?> subject) {
        Map<String, Cost> costs = new LinkedHashMap<>();
        subject.cluster.replaceEndpoint(17);
        costs.put("one is replaced", subject.round());
        subject.cluster.scale(18, 3);
        costs.put("one more", subject.round());
        subject.cluster.scale(18, 2);
        costs.put("one less", subject.round());
        IntStream.range(0, BURST).forEach(subject.cluster::replaceEndpoint);
        costs.put("many at once", subject.round());
        return costs;
    }

    private static Map<String, Cost> services(Subject<?, ?> subject) {
        Map<String, Cost> costs = new LinkedHashMap<>();
        subject.cluster.delete(519);
        costs.put("a Service goes", subject.round());
        subject.cluster.create(519);
        costs.put("and comes back", subject.round());
        subject.cluster.scale(520, 0);
        costs.put("the last endpoint goes", subject.round());
        subject.cluster.scale(520, 2);
        costs.put("and comes back with another", subject.round());
        return costs;
    }

    private static Subject<?, ?> subject(Way way, int services) {
        KernelMeter meter = new KernelMeter();
        return switch (way) {
            case NFTABLES -> new Subject<>(new NftKernel(meter.on(new EmptyNftables())).backend(), meter, services);
            case IPTABLES, IPTABLES_COMPACT ->
                new Subject<>(new IptablesKernel(meter.on(emptyIptables()), options(way)).backend(), meter, services);
        };
    }

    private static IptablesOptions options(Way way) {
        return IptablesOptions.defaults()
                .with(way == Way.IPTABLES_COMPACT ? EndpointLayout.COMPACT : EndpointLayout.KUBE_PROXY);
    }

    /**
     * Returns a fake iptables that reads its input to the end, as the real tools do. The input is created and counted
     * while it is read.
     */
    private static ProcessRunner emptyIptables() {
        return command -> {
            command.input().forEach(_ -> {});
            return new ProcessResult(
                    0,
                    command.words().getFirst().endsWith("-save")
                            ? "*filter\nCOMMIT\n*mangle\nCOMMIT\n*nat\nCOMMIT\n"
                            : "",
                    "");
        };
    }

    /** A fake nftables that has no rules and accepts every transaction. */
    private static final class EmptyNftables implements Nftables {
        @Override
        public Answer apply(Transaction transaction) {
            return new Answer.Done();
        }

        @Override
        public Optional<List<Client>> clients(IpFamily family, SetName map) {
            return Optional.empty();
        }

        @Override
        public Optional<ReadTable> read(IpFamily family) {
            return Optional.empty();
        }
    }

    /** Runs rounds for a cluster and returns their costs. */
    private static final class Subject<R extends Ruleset, C extends Change> {
        private final BenchCluster cluster;
        private final KernelMeter meter;
        private final RuleSync<R, C> rules;

        Subject(Backend<R, C> backend, KernelMeter meter, int services) {
            NodeSettings settings = NodeSettings.defaults(backend.layout().mode(), "bench");
            this.cluster = new BenchCluster(services, 2);
            this.meter = meter;
            this.rules = new RuleSync<>(backend, () -> settings, new SystemTime());
        }

        Cost round() {
            RoundResult report = rules.round(cluster.take(), false);
            assertThat(report.error()).isEmpty();
            assertThat(report.delta()).isNotNull();
            return new Cost(
                    report.delta().services().size(),
                    report.lines().added(),
                    report.lines().removed(),
                    meter.take(),
                    report.full());
        }
    }
}
