package io.fairlead.iptables;

import static io.fairlead.core.fixture.ClusterObjects.alsoAt;
import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.leaving;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.remote;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static io.fairlead.core.fixture.ClusterObjects.somewhere;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.fixture.Golden;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.iptables.render.EndpointLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the rules for small clusters with golden files. The files were reviewed line by line against
 * docs/behaviour.md, from section "Node ports" to section "Layout in iptables".
 */
class GoldenRulesTest {
    private static final NodeSettings DEFAULTS = NodeSettings.defaults(ProxyMode.IPTABLES, "node-a");

    /** A node and a cluster; the golden file with their rules has the same name. */
    record Scenario(String name, NodeSettings settings, List<ServiceObject> services, List<SliceObject> slices) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Scenario> scenarios() {
        SliceObject two = slice("web", "10.244.1.35", "10.244.1.36");
        SliceObject elsewhere = slice("web", remote("10.244.2.1"), remote("10.244.2.2"));
        SliceObject mixed = slice("web", ready("10.244.1.1"), remote("10.244.2.1"), remote("10.244.2.2"));
        ServiceObject web = service("web", "10.96.0.10");
        ServiceObject balanced =
                but(web).nodePort(30080).loadBalancerIps("203.0.113.5").done();
        return Stream.of(
                scenario("nothing", DEFAULTS, List.of(), List.of()),
                scenario("cluster-ip", pods(), List.of(web), List.of(two)),
                scenario(
                        "no-endpoints",
                        pods(),
                        List.of(but(web).nodePort(30080)
                                .externalIps("198.51.100.1")
                                .done()),
                        List.of()),
                scenario("node-port", pods(), List.of(but(web).nodePort(30080).done()), List.of(two)),
                scenario(
                        "node-port-local",
                        pods(),
                        List.of(but(web).nodePort(30080).externalLocal().done()),
                        List.of(mixed)),
                scenario(
                        "external-local-elsewhere",
                        pods(),
                        List.of(but(balanced)
                                .externalLocal()
                                .healthCheckNodePort(32000)
                                .done()),
                        List.of(elsewhere)),
                scenario(
                        "internal-local",
                        pods(),
                        List.of(but(web).internalLocal().done()),
                        List.of(mixed)),
                scenario(
                        "internal-local-elsewhere",
                        pods(),
                        List.of(but(web).internalLocal().done()),
                        List.of(elsewhere)),
                scenario(
                        "source-ranges",
                        pods(),
                        List.of(but(balanced)
                                .sourceRanges("203.0.113.0/24", "192.168.0.0/24")
                                .done()),
                        List.of(two)),
                scenario("affinity", pods(), List.of(but(web).sticky(10800).done()), List.of(two)),
                scenario(
                        "split",
                        pods(),
                        split(but(web).nodePort(30080)
                                .externalLocal()
                                .backends("web-v1=90", "web-v2=7", "web-v3=3", "web-v4=0")
                                .done()),
                        backends()),
                scenario(
                        "split-affinity",
                        pods(),
                        split(but(web).sticky(10800)
                                .backends("web-v1=90", "web-v2=10")
                                .done()),
                        backends()),
                scenario(
                        "dual-stack",
                        pods(),
                        List.of(alsoAt(web, "fd00:96::10")),
                        List.of(two, slice("web", "fd00:244::1", "fd00:244::2"))),
                scenario("leaving", pods(), List.of(web), List.of(slice("web", leaving("10.244.1.1", "node-a")))),
                scenario("masquerade-all", masqueradeAll(), List.of(web), List.of(two)),
                scenario(
                        "bridge-interface",
                        detecting(new NodeSettings.DetectLocal.BridgeInterface(new InterfaceName("cni0"))),
                        List.of(but(web).nodePort(30080).externalLocal().done()),
                        List.of(mixed)),
                scenario(
                        "interface-prefix",
                        detecting(new NodeSettings.DetectLocal.InterfaceNamePrefix(new InterfaceName("veth"))),
                        List.of(web),
                        List.of(two)));
    }

    /**
     * Returns scenarios for the compact layout. All of them except "compact-elsewhere" have three kinds of endpoints in
     * both families: on this node, on another node, and without a node name. In "compact-elsewhere" all endpoints are
     * on another node, and there are none in IPv6.
     */
    static Stream<Scenario> compactScenarios() {
        ServiceObject web = alsoAt(service("web", "10.96.0.10"), "fd00:96::10");
        ServiceObject open = but(web).nodePort(30080).done();
        List<SliceObject> all = List.of(
                slice("web", ready("10.244.1.1"), remote("10.244.2.1"), somewhere("10.244.3.1"), remote("10.244.4.1")),
                slice("web", remote("fd00:244:2::1"), ready("fd00:244::1"), somewhere("fd00:244:3::1")));
        return Stream.of(
                scenario("compact", pods(), List.of(web), all),
                scenario(
                        "compact-affinity",
                        pods(),
                        List.of(but(web).sticky(10800).done()),
                        all),
                scenario(
                        "compact-internal-local",
                        pods(),
                        List.of(but(web).internalLocal().done()),
                        all),
                scenario(
                        "compact-external-local",
                        pods(),
                        List.of(but(open).externalLocal().done()),
                        all),
                scenario(
                        "compact-elsewhere",
                        pods(),
                        List.of(open),
                        List.of(slice("web", remote("10.244.2.1"), remote("10.244.2.2")))));
    }

    @ParameterizedTest
    @MethodSource("compactScenarios")
    void rendersCompactAsReviewed(Scenario scenario) {
        assertAsReviewed(scenario, EndpointLayout.COMPACT);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void rendersAsReviewed(Scenario scenario) {
        assertAsReviewed(scenario, EndpointLayout.KUBE_PROXY);
    }

    private static void assertAsReviewed(Scenario scenario, EndpointLayout layout) {
        Map<ServiceName, ServiceObject> services = new HashMap<>();
        scenario.services().forEach(service -> services.put(service.name(), service));
        Map<SliceObject.Key, SliceObject> slices = new HashMap<>();
        scenario.slices().forEach(slice -> slices.put(slice.key(), slice));
        NodeObject node = new NodeObject("node-a", "zone-a", List.of(Ip.parse("192.168.0.10")), List.of(), false);
        Backend<IptablesRuleset, IptablesChange> backend = new IptablesKernel(
                        command -> {
                            throw new AssertionError("a pure function ran " + command.text());
                        },
                        IptablesOptions.defaults().with(layout))
                .backend();
        Golden.assertMatches(
                Path.of("src/test/resources/golden", scenario.name() + ".iptables"),
                backend.layout()
                        .render(Planner.plan(
                                ClusterState.of(services, slices, Map.of("node-a", node), Map.of()),
                                scenario.settings()))
                        .text());
    }

    /** Returns a Service with the Services that share its traffic. Service web-v3 does not exist. */
    private static List<ServiceObject> split(ServiceObject service) {
        return List.of(
                service,
                but(service("web-v1", "10.96.1.1"))
                        .selection(ServiceObject.Selection.OTHER_PROXY)
                        .done(),
                but(service("web-v2", "10.96.1.2"))
                        .selection(ServiceObject.Selection.OTHER_PROXY)
                        .done(),
                but(service("web-v4", "10.96.1.4"))
                        .selection(ServiceObject.Selection.OTHER_PROXY)
                        .done());
    }

    private static List<SliceObject> backends() {
        return List.of(
                slice("web-v1", ready("10.244.1.11"), remote("10.244.2.12"), remote("10.244.2.13")),
                slice("web-v2", ready("10.244.1.21")),
                slice("web-v4", ready("10.244.1.41")));
    }

    private static Scenario scenario(
            String name, NodeSettings settings, List<ServiceObject> services, List<SliceObject> slices) {
        return new Scenario(name, settings, services, slices);
    }

    private static NodeSettings pods() {
        return detecting(new NodeSettings.DetectLocal.ClusterCidr(
                List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/48"))));
    }

    private static NodeSettings detecting(NodeSettings.DetectLocal detectLocal) {
        return settings(detectLocal, false);
    }

    private static NodeSettings masqueradeAll() {
        return settings(new NodeSettings.DetectLocal.ClusterCidr(List.of()), true);
    }

    private static NodeSettings settings(NodeSettings.DetectLocal detectLocal, boolean masqueradeAll) {
        return new NodeSettings(
                ProxyMode.IPTABLES,
                "node-a",
                List.of(),
                List.of(),
                detectLocal,
                DEFAULTS.nodePortAddresses(),
                DEFAULTS.masqueradeBit(),
                masqueradeAll,
                true,
                false);
    }
}
