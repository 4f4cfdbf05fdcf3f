package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.Annotations;
import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.fixture.ClusterYaml;
import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.fixture.Shrinker;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.e2e.fixtures.Yaml;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.kernel.NftProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests the report that is printed if oracles disagree. It must be small, and sufficient to reproduce the disagreement.
 */
final class ShrinkerTest {
    private final Backend<?, ?> backend = new NftKernel(new NftProgram(command -> {
                throw new AssertionError("a pure function ran " + command.text());
            }))
            .backend();

    /**
     * Returns whether the outcome of a flow is wrong. It simulates a fault of the tracer, which is wrong for Services
     * with affinity and external policy Local.
     */
    private boolean isWrong(RandomCluster cluster, Flow flow) {
        Plan plan = cluster.plan();
        Outcome traced =
                backend.layout().render(plan).tracer(cluster.host()).trace(flow).outcome();
        boolean planted = plan.ports(flow.to().family())
                .filter(port -> port.affinity() instanceof Affinity.ClientIp && port.external() == TrafficPolicy.LOCAL)
                .anyMatch(port -> reaches(port, flow));
        Outcome answered = planted && traced.verdict() == Verdict.DNAT ? Outcome.of(Verdict.PASS) : traced;
        return !answered.equals(new FlowModel(plan, cluster.host()).outcome(flow));
    }

    private static boolean reaches(PortPlan port, Flow flow) {
        Frontend.Key vip = new Frontend.Key.Vip(flow.to(), flow.protocol(), flow.port());
        Frontend.Key nodePort = new Frontend.Key.Node(flow.protocol(), flow.port());
        return port.frontends().stream()
                .map(frontend -> frontend.key(port.name().protocol()))
                .anyMatch(key -> key.equals(vip) || key.equals(nodePort));
    }

    /** A Service that splits its traffic needs the Services to which it splits, so it cannot be the only one left. */
    private static boolean isSplit(RandomCluster cluster, Flow flow) {
        Set<ServiceName> split = cluster.state().services().values().stream()
                .filter(service -> !service.annotations().equals(Annotations.NONE))
                .map(ServiceObject::name)
                .collect(Collectors.toSet());
        return cluster.plan().services().values().stream()
                .flatMap(service -> service.ports().stream())
                .anyMatch(port ->
                        reaches(port, flow) && split.contains(port.name().service()));
    }

    private record Found(RandomCluster cluster, Flow flow) {}

    private Found disagreement() {
        return LongStream.iterate(1, seed -> seed + 1)
                .mapToObj(seed -> RandomCluster.of(seed, ProxyMode.NFTABLES))
                .filter(cluster -> cluster.state().services().size() > 5)
                .flatMap(cluster -> cluster.flows(40).stream()
                        .filter(flow -> isWrong(cluster, flow) && !isSplit(cluster, flow))
                        .map(flow -> new Found(cluster, flow)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPlantedFaultShrinksToOneServiceWithOneEndpoint() {
        Found found = disagreement();
        Predicate<RandomCluster> wrong = cluster -> isWrong(cluster, found.flow());

        RandomCluster small = Shrinker.shrink(found.cluster(), wrong);

        assertThat(wrong.test(small)).isTrue();
        assertThat(small.state().services()).hasSize(1);
        assertThat(small.state().slices()).hasSize(1);
        assertThat(small.state().slices().values().iterator().next().endpoints())
                .hasSize(1);
        ServiceObject service = small.state().services().values().iterator().next();
        assertThat(service.ports()).hasSize(1);
        assertThat(service.affinity()).as("the cause stays").isInstanceOf(Affinity.ClientIp.class);
        assertThat(service.externalTrafficPolicy()).isEqualTo(TrafficPolicy.LOCAL);
    }

    @Test
    void theReportIsReadAndShowsTheSameAgain() throws IOException {
        Found found = disagreement();

        String report = Shrinker.report(found.cluster(), found.flow(), cluster -> isWrong(cluster, found.flow()));

        assertThat(report).contains("-Dseed=" + found.cluster().seed(), "fairlead trace --offline", "mode");
        String objects = report.substring(report.indexOf("---"), report.indexOf("config.yaml:\n"));
        RandomCluster again = new RandomCluster(
                0,
                Yaml.text(objects),
                found.cluster().settings(),
                found.cluster().host());
        assertThat(isWrong(again, found.flow())).isTrue();
    }

    @Test
    void whatIsRightIsNotShrunk() {
        RandomCluster cluster = RandomCluster.of(1, ProxyMode.NFTABLES);
        assertThatThrownBy(() -> Shrinker.shrink(cluster, _ -> false)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void objectsThatAreWrittenAreReadAsTheSameCluster(ProxyMode mode) {
        Seeds.each(100, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, mode);
            Plan read = Planner.plan(read(ClusterYaml.of(cluster.state())), cluster.settings());
            assertThat(read.services().values().stream().map(Optional::of))
                    .isEqualTo(cluster.plan().services().values().stream()
                            .map(Optional::of)
                            .toList());
        });
    }

    private static ClusterState read(String objects) {
        try {
            return Yaml.text(objects);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
