package io.fairlead.core.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.LocalDetector;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.trace.Tracer;
import io.fairlead.core.trace.UnknownRuleException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VerificationTest {

    @Test
    void rulesThatDoWhatThePlanSaysPass() {
        Seeds.each(50, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.NFTABLES);
            Verification verification = verify(cluster, model(cluster)::outcome);

            assertThat(verification.findings()).isEmpty();
            assertThat(verification.packets()).isGreaterThanOrEqualTo(frontends(cluster.plan()));
        });
    }

    @Test
    void oneServedFrontendThatIsLostIsFoundAndNoOther() {
        Seeds.each(50, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.IPTABLES);
            FlowModel model = model(cluster);
            for (IpFamily family : IpFamily.values()) {
                cluster.plan().ports(family).filter(VerificationTest::serves).forEach(port -> {
                    Frontend.ClusterIp lost =
                            (Frontend.ClusterIp) port.frontends().getFirst();
                    Verification verification = verify(
                            cluster,
                            flow -> flow.to().equals(lost.ip())
                                            && flow.port() == lost.port()
                                            && flow.protocol() == port.name().protocol()
                                    ? Outcome.of(Verdict.PASS)
                                    : model.outcome(flow));

                    assertThat(verification.affected()).containsExactly(port.name());
                    assertThat(verification.findings()).allSatisfy(finding -> {
                        assertThat(finding.probe().frontend()).isEqualTo(lost);
                        assertThat(finding.actual()).isEqualTo(Outcome.of(Verdict.PASS));
                    });
                });
            }
        });
    }

    @Test
    void rulesThatCannotBeUnderstoodAreFindings() {
        RandomCluster cluster = RandomCluster.of(7, ProxyMode.NFTABLES);
        Tracer baffled = flow -> {
            throw new UnknownRuleException("ip kube-proxy services", "meta cgroup 7 drop", "expression");
        };

        Verification verification = Verification.of(cluster.plan(), cluster.host(), baffled, _ -> true, () -> {});

        assertThat(verification.packets()).isPositive();
        assertThat(verification.findings()).hasSize(verification.packets()).allSatisfy(finding -> {
            assertThat(finding.actual()).isNull();
            assertThat(finding.doubt()).contains("meta cgroup 7 drop");
        });
    }

    @Test
    void looksOnlyAtThePortsThatWereChosenAndTellsAfterEach() {
        RandomCluster cluster = RandomCluster.of(7, ProxyMode.NFTABLES);
        ServicePortName chosen =
                cluster.plan().ports(IpFamily.IPV4).findFirst().orElseThrow().name();
        int[] calls = {0};

        Verification verification = Verification.of(
                cluster.plan(),
                cluster.host(),
                tracer(_ -> Outcome.of(Verdict.PASS)),
                chosen::equals,
                () -> calls[0]++);

        assertThat(verification.affected()).isSubsetOf(Set.of(chosen));
        assertThat((long) calls[0])
                .isEqualTo(Set.of(IpFamily.values()).stream()
                        .flatMap(cluster.plan()::ports)
                        .filter(port -> port.name().equals(chosen))
                        .count());
    }

    @Test
    void everyKindOfSenderIsHeard() {
        Set<Probe.Source> heard = new TreeSet<>();
        Seeds.each(100, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.NFTABLES);
            for (IpFamily family : IpFamily.values()) {
                Probes probes = new Probes(cluster.plan(), family, cluster.host());
                cluster.plan().ports(family).flatMap(probes::of).forEach(probe -> {
                    heard.add(probe.source());
                    assertThat(isWhatItSays(probe, cluster)).as("%s", probe).isTrue();
                });
            }
        });

        assertThat(heard).containsExactly(Probe.Source.values());
    }

    private static boolean isWhatItSays(Probe probe, RandomCluster cluster) {
        Flow flow = probe.flow();
        PortPlan port = cluster.plan()
                .ports(flow.to().family())
                .filter(other -> other.name().equals(probe.port()))
                .findFirst()
                .orElseThrow();
        boolean inRange = port.allowedSources().contain(flow.from());
        boolean pod = cluster.plan().node(flow.to().family()).detector() instanceof LocalDetector.SourceCidr(var cidr)
                && cidr.contains(flow.from());
        boolean own = cluster.host().isLocal(flow.from());
        return switch (probe.source()) {
            case CLIENT -> !own && !pod && (inRange || !port.firewalled(probe.frontend()));
            case BARRED_CLIENT -> !own && !pod && !inRange;
            case POD -> !own && (pod || flow.inputInterface() != null);
            case OWN_ENDPOINT ->
                Stream.concat(port.clusterEndpoints().stream(), port.localEndpoints().stream())
                        .anyMatch(endpoint ->
                                endpoint.ip().equals(flow.from()) && endpoint.place() != Endpoint.Place.OTHER_NODE);
            case NODE -> own;
        };
    }

    private static FlowModel model(RandomCluster cluster) {
        return new FlowModel(cluster.plan(), cluster.host());
    }

    private static Verification verify(RandomCluster cluster, Function<Flow, Outcome> rules) {
        return Verification.of(cluster.plan(), cluster.host(), tracer(rules), _ -> true, () -> {});
    }

    /** Returns a tracer in which {@code rules} decides the outcome of each packet. */
    private static Tracer tracer(Function<Flow, Outcome> rules) {
        return flow -> {
            Outcome outcome = rules.apply(flow);
            return new Trace(
                    flow,
                    outcome.verdict() == Verdict.DNAT
                            ? outcome.endpoints().stream()
                                    .map(endpoint -> new TracePath(
                                            List.of(),
                                            Verdict.DNAT,
                                            endpoint,
                                            outcome.masquerade(),
                                            1.0 / outcome.endpoints().size()))
                                    .collect(Collectors.toList())
                            : List.of(new TracePath(List.of(), outcome.verdict(), null, false, 1)));
        };
    }

    private static boolean serves(PortPlan port) {
        return !port.frontends().isEmpty()
                && port.frontends().getFirst() instanceof Frontend.ClusterIp
                && !port.clusterEndpoints().isEmpty();
    }

    /** Returns the minimum number of packets: one for each frontend that has an address. */
    private static int frontends(Plan plan) {
        return (int) Set.of(IpFamily.values()).stream()
                .flatMap(plan::ports)
                .flatMap(port -> port.frontends().stream())
                .filter(frontend -> !(frontend instanceof Frontend.NodePort))
                .count();
    }
}
