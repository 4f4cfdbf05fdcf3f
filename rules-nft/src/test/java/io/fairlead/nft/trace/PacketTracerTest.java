package io.fairlead.nft.trace;

import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.nft.fixture.Plans;
import io.fairlead.nft.render.Renderer;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.TableText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketTracerTest {
    private static final Host NODE = Host.of(List.of(Ip.parse("192.0.2.1")));

    @Test
    void tellsEachRuleWhoseItIsAndWhy() {
        List<TracePath> paths = trace(Plans.web(3), "198.51.100.7", "10.96.0.10", 80);

        assertThat(paths).hasSize(3).allSatisfy(path -> {
            assertThat(path.verdict()).isEqualTo(Verdict.DNAT);
            assertThat(path.share()).isCloseTo(1.0 / 3, within(1e-12));
            assertThat(path.masquerade()).isTrue();
        });
        assertThat(paths.getFirst().steps())
                .extracting(TraceStep::place)
                .containsSubsequence(
                        "ip kube-proxy services",
                        "ip kube-proxy cip",
                        "ip kube-proxy pick-3",
                        "ip kube-proxy masquerading");
        assertThat(paths.getFirst().steps()).anySatisfy(step -> {
            assertThat(step.rule()).isEqualTo("ip daddr . meta l4proto . th dport vmap @service-ips");
            assertThat(step.origin().text()).isEqualTo("default/web:http");
            assertThat(step.why()).contains("10.96.0.10 . tcp . 80", "goto cip");
        });
        assertThat(paths.getFirst().steps())
                .extracting(TraceStep::why)
                .anyMatch(why -> why.startsWith("sent to 10.244.1.10:8080, one of 3"));
    }

    @Test
    void aPodThatReachesItselfIsMasqueraded() {
        List<TracePath> paths = trace(Plans.web(2), "10.244.1.10", "10.96.0.10", 80);

        assertThat(paths)
                .extracting(path -> path.endpoint() + " " + path.masquerade())
                .containsExactly("10.244.1.10:8080 true", "10.244.1.11:8080 false");
    }

    @ParameterizedTest
    @CsvSource({"veth7, false", "eth0, true", ", true"})
    void tellsPodsByTheInterfaceTheyComeInBy(@Nullable String input, boolean masquerade) {
        Plan plan = Plans.of(
                Plans.detecting(new NodeSettings.DetectLocal.InterfaceNamePrefix(new InterfaceName("veth"))),
                service("web", "10.96.0.10"),
                slice("web", "10.244.1.11"));
        Flow flow = new Flow(
                Protocol.TCP,
                Ip.parse(input == null ? "192.0.2.1" : "10.244.1.200"),
                Ip.parse("10.96.0.10"),
                80,
                input == null ? null : new InterfaceName(input));

        assertThat(paths(Renderer.table(plan, IpFamily.IPV4), flow))
                .as("the node's own packets come in by none (MQ-14)")
                .extracting(TracePath::masquerade)
                .containsExactly(masquerade);
    }

    @Test
    void aClientOfAStickyServiceIsNewAndRemembered() {
        Plan plan = Plans.of(but(service("web", "10.96.0.10")).sticky(60).done(), Plans.webSlice(2));

        List<TracePath> paths = trace(plan, "198.51.100.7", "10.96.0.10", 80);

        assertThat(paths)
                .hasSize(2)
                .allSatisfy(path ->
                        assertThat(path.steps()).extracting(TraceStep::why).contains("stores the client's endpoint"));
    }

    @Test
    void aPoolThatLacksAnIndexFallsBackToTheFirst() {
        Table table = Renderer.table(Plans.web(3), IpFamily.IPV4);
        Table torn = TableText.parse(TableText.write(table)
                .replace("10.96.0.10 . 80 . 2 : 10.244.1.12 . 8080", "9.9.9.9 . 80 . 0 : 10.244.1.12 . 8080"));

        List<TracePath> paths = paths(torn, flow("198.51.100.7", "10.96.0.10", 80));

        assertThat(paths).allSatisfy(path -> assertThat(path.verdict()).isEqualTo(Verdict.DNAT));
        assertThat(paths.stream()
                        .filter(path -> String.valueOf(path.endpoint()).equals("10.244.1.10:8080"))
                        .mapToDouble(TracePath::share)
                        .sum())
                .isCloseTo(2.0 / 3, within(1e-12));
    }

    @Test
    void failsOnARuleItDoesNotKnow() {
        assertUnknown("jump services", "tcp flags syn jump services", "tcp flags syn");
    }

    @Test
    void failsOnASetItDoesNotKnow() {
        assertUnknown(
                "ip daddr . meta l4proto . th dport vmap @service-ips",
                "ip daddr . meta l4proto . th dport vmap @somebodys",
                "somebodys");
    }

    @Test
    void failsOnAChainItDoesNotKnow() {
        assertUnknown("jump services", "jump somewhere", "somewhere");
    }

    @Test
    void theUnknownDoesNotMatterWhereThePacketDoesNotPass() {
        Table table = Renderer.table(Plans.web(1), IpFamily.IPV4);
        Table odd = TableText.parse(TableText.write(table).replace("masquerade fully-random", "masquerade to :1-2"));

        assertThat(paths(odd, flow("198.51.100.7", "10.96.0.99", 80)))
                .singleElement()
                .extracting(TracePath::verdict)
                .isEqualTo(Verdict.DROP);
        assertThatThrownBy(() -> paths(odd, flow("198.51.100.7", "10.96.0.10", 80)))
                .isInstanceOf(UnknownRuleException.class);
    }

    private static void assertUnknown(String rule, String other, String what) {
        Table table = Renderer.table(Plans.web(1), IpFamily.IPV4);
        Table odd = TableText.parse(TableText.write(table).replace(rule, other));

        assertThatThrownBy(() -> paths(odd, flow("198.51.100.7", "10.96.0.10", 80)))
                .isInstanceOf(UnknownRuleException.class)
                .hasMessageContaining(what)
                .hasMessageContaining("ip kube-proxy ");
    }

    private static List<TracePath> trace(Plan plan, String from, String to, int port) {
        return paths(Renderer.table(plan, IpFamily.IPV4), flow(from, to, port));
    }

    private static List<TracePath> paths(Table table, Flow flow) {
        return new PacketTracer(Map.of(IpFamily.IPV4, table), NODE).trace(flow).paths();
    }

    private static Flow flow(String from, String to, int port) {
        return new Flow(Protocol.TCP, Ip.parse(from), Ip.parse(to), port);
    }
}
