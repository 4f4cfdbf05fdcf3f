package io.fairlead.core.verify;

import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.LocalDetector;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.trace.Tracer;
import io.fairlead.core.trace.UnknownRuleException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    void otherWeightsThanThoseOfTheSplitAreFindings() {
        ServiceObject web = but(service("web", "10.96.0.1"))
                .backends("web-v1=90", "web-v2=10")
                .done();
        Map<ServiceName, ServiceObject> services = new HashMap<>();
        List.of(web, service("web-v1", "10.96.0.2"), service("web-v2", "10.96.0.3"))
                .forEach(service -> services.put(service.name(), service));
        Map<SliceObject.Key, SliceObject> slices = new HashMap<>();
        List.of(slice("web-v1", "10.244.1.1"), slice("web-v2", "10.244.1.2"))
                .forEach(slice -> slices.put(slice.key(), slice));
        Plan plan = Planner.plan(
                ClusterState.of(services, slices, Map.of(), Map.of()),
                NodeSettings.defaults(ProxyMode.NFTABLES, "node-a"));
        Host host = Host.of(List.of(Ip.parse("192.0.2.1")));
        FlowModel model = new FlowModel(plan, host);
        Flow flow = new Flow(Protocol.TCP, Ip.parse("203.0.113.9"), Ip.parse("10.96.0.1"), 80);
        assertThat(model.shares(flow))
                .isEqualTo(Map.of(IpPort.parse("10.244.1.1:8080"), 0.9, IpPort.parse("10.244.1.2:8080"), 0.1));

        Function<Flow, Map<IpPort, Double>> even =
                _ -> Map.of(IpPort.parse("10.244.1.1:8080"), 0.5, IpPort.parse("10.244.1.2:8080"), 0.5);
        Verification right = Verification.of(plan, host, tracer(model::outcome, model::shares), _ -> true, () -> {});
        Verification wrong = Verification.of(plan, host, tracer(model::outcome, even), _ -> true, () -> {});

        assertThat(right.findings()).isEmpty();
        assertThat(wrong.affected()).extracting(ServicePortName::text).containsExactly("default/web:http");
        assertThat(wrong.findings().getFirst().doubt())
                .isEqualTo("10.244.1.1:8080 receives 50.00 % of the traffic instead of 90.00 %");
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
                tracer(_ -> Outcome.of(Verdict.PASS), _ -> Map.of()),
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
        return Verification.of(
                cluster.plan(), cluster.host(), tracer(rules, model(cluster)::shares), _ -> true, () -> {});
    }

    /**
     * Returns a tracer in which {@code rules} decides the outcome of each packet, and {@code shares} the probability of
     * each endpoint.
     */
    private static Tracer tracer(Function<Flow, Outcome> rules, Function<Flow, Map<IpPort, Double>> shares) {
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
                                            shares.apply(flow).getOrDefault(endpoint, 0.0)))
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
