package io.fairlead.iptables;

import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.remote;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static io.fairlead.core.fixture.Notices.remarks;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.NodeSettings.DetectLocal;
import io.fairlead.core.plan.NodeSettings.NodePortSelection;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Follower;
import io.fairlead.iptables.kernel.RecentLists;
import io.fairlead.iptables.render.EndpointLayout;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the form of rules and of their input, because other programs depend on kube-proxy's form. */
class ShapeTest {
    private static final ServiceObject WEB = service("web", "10.96.0.1");
    private static final Ip NODE = Ip.parse("192.168.0.10");

    private final Backend<IptablesRuleset, IptablesChange> backend = new IptablesKernel(
                    command -> {
                        throw new AssertionError("a pure function ran " + command.text());
                    },
                    IptablesOptions.defaults())
            .backend();

    private static Plan plan(NodeSettings settings, SliceObject slice) {
        return Planner.plan(
                ClusterState.of(Map.of(WEB.name(), WEB), Map.of(slice.key(), slice), Map.of(), Map.of()), settings);
    }

    private static NodeSettings settings(DetectLocal detect, NodePortSelection nodePorts, boolean liberal) {
        return new NodeSettings(
                ProxyMode.IPTABLES, "node-a", List.of(), List.of(NODE), detect, nodePorts, 14, false, false, liberal);
    }

    private static NodeSettings settings(boolean liberal) {
        return settings(new DetectLocal.ClusterCidr(List.of()), NodePortSelection.everywhere(), liberal);
    }

    private String text(NodeSettings settings, SliceObject slice) {
        return backend.layout().render(plan(settings, slice)).text();
    }

    @Test
    void eachInputIsOneTableWithItsChainsThenItsRulesThenCommit() {
        IptablesChange change = backend.layout()
                .diff(
                        IptablesRuleset.of(FamilyRules.of(IpFamily.IPV4)),
                        backend.layout().render(plan(settings(false), slice("web", "10.244.1.1"))));

        assertThat(change.text().lines().filter(line -> line.startsWith("#")))
                .isNotEmpty()
                .containsOnly("# iptables-restore -w 5 --noflush --counters");
        assertThat(change.transactions())
                .hasSizeGreaterThan(1)
                .allSatisfy(transaction -> assertThat(transaction.text())
                        .matches("(?s)\\*(mangle|filter|nat)\\n(:[A-Z0-9-]+ - \\[0:0]\\n)*(-[AI] .*\\n)*COMMIT\\n"))
                .allSatisfy(transaction -> assertThat(transaction.text().lines().filter(line -> line.startsWith(":")))
                        .as("last name first")
                        .isSortedAccordingTo(Comparator.reverseOrder()));
    }

    @Test
    void invalidPacketsAreDroppedWhoeverSentThemUnlessTcpIsLiberal() {
        String first = "-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP\n";
        String rest =
                "-A KUBE-FORWARD -m comment --comment \"kubernetes forwarding rules\" -m mark --mark 0x00004000/0x00004000"
                        + " -j ACCEPT\n-A KUBE-FORWARD -m comment --comment \"kubernetes forwarding conntrack rule\" -m conntrack"
                        + " --ctstate RELATED,ESTABLISHED -j ACCEPT\n";

        assertThat(text(settings(false), slice("web", "10.244.1.1"))).contains(first + rest);
        assertThat(text(settings(true), slice("web", "10.244.1.1")))
                .contains(rest)
                .doesNotContain("INVALID");
    }

    /** Other Service ports hold all frontends of this Service, so no rule would jump to its chains. */
    @Test
    void aServiceWhoseOnlyAddressAnotherHoldsHasNoChains() {
        ServiceObject twin = service("web-twin", "10.96.0.1");
        SliceObject slice = slice("web", "10.244.1.1");
        SliceObject twins = slice("web-twin", "10.244.1.2");

        String text = backend.layout()
                .render(Planner.plan(
                        ClusterState.of(
                                Map.of(WEB.name(), WEB, twin.name(), twin),
                                Map.of(slice.key(), slice, twins.key(), twins),
                                Map.of(),
                                Map.of()),
                        settings(false)))
                .text();

        assertThat(text.lines().filter(line -> line.startsWith(":KUBE-SVC-") || line.startsWith(":KUBE-SEP-")))
                .hasSize(2);
        assertThat(text).contains("10.244.1.1:").doesNotContain("10.244.1.2:");
    }

    @ParameterizedTest
    @CsvSource({"'', -m addrtype --dst-type LOCAL", "'', ! -d 127.0.0.0/8", "192.168.0.0/24, -d 192.168.0.10 "})
    void nodePortsComeLast(String cidr, String match) {
        NodePortSelection nodePorts =
                cidr.isEmpty() ? NodePortSelection.everywhere() : NodePortSelection.within(List.of(Cidr.parse(cidr)));

        List<String> services = text(
                        settings(new DetectLocal.ClusterCidr(List.of()), nodePorts, false), slice("web", "10.244.1.1"))
                .lines()
                .takeWhile(line -> !line.startsWith("# ip6tables"))
                .filter(line -> line.startsWith("-A KUBE-SERVICES"))
                .toList();

        assertThat(services).hasSize(2);
        assertThat(services.getLast())
                .contains("kubernetes service nodeports; NOTE: this must be the last rule in this chain")
                .contains(match)
                .endsWith(" -j KUBE-NODEPORTS");
    }

    @Test
    void aLargeClusterGoesWithoutCommentsWhereEndpointsAre() {
        String[] many = IntStream.range(0, 1001)
                .mapToObj(i -> "10.244." + (1 + i / 250) + "." + (1 + i % 250))
                .toArray(String[]::new);
        String[] few = Arrays.copyOf(many, 1000);

        assertThat(text(settings(false), slice("web", few)).lines().filter(ShapeTest::isOfEndpoints))
                .allMatch(line -> line.contains("--comment"));
        String large = text(settings(false), slice("web", many));
        assertThat(large.lines().filter(ShapeTest::isOfEndpoints))
                .hasSize(3 * 1001)
                .noneMatch(line -> line.contains("--comment"));
        assertThat(large.lines().filter(line -> line.startsWith("-A KUBE-SERVICES")))
                .allMatch(line -> line.contains("--comment"));
    }

    /**
     * Rules that send packets directly to endpoints also have no comments in a large cluster. A chain is not written
     * only to remove comments.
     */
    @Test
    void aLargeClusterGoesWithoutCommentsWhereEndpointsAreSentToAtOnce() {
        IptablesLayout compact = new IptablesLayout(IptablesOptions.defaults().with(EndpointLayout.COMPACT));
        SliceObject.SliceEndpoint[] many = IntStream.range(0, 1001)
                .mapToObj(i -> remote("10.244." + (1 + i / 250) + "." + (1 + i % 250)))
                .toArray(SliceObject.SliceEndpoint[]::new);
        Planner planner = new Planner(settings(false));
        planner.put(WEB);
        planner.put(service("other", "10.96.0.2"));
        planner.put(slice("other", remote("10.243.0.1"), remote("10.243.0.2")));
        planner.update();
        IptablesRuleset small = compact.render(planner.plan());
        planner.put(slice("web", many));
        planner.update();

        IptablesRuleset large = compact.render(planner.plan());

        assertThat(small.text().lines().filter(line -> line.contains("-j DNAT")))
                .hasSize(2)
                .allMatch(line -> line.contains("--comment \"default/other:http -> 10.243.0."));
        assertThat(large.text().lines().filter(line -> line.contains("-j DNAT")))
                .hasSize(1003)
                .allMatch(line -> line.startsWith("-A KUBE-SVC-"))
                .noneMatch(line -> line.contains("--comment"));
        assertThat(large.text()).doesNotContain("KUBE-SEP-");
        assertThat(compact.diff(small, large).text())
                .contains(":" + ChainName.Kind.CLUSTER.of(port("web")))
                .doesNotContain(":" + ChainName.Kind.CLUSTER.of(port("other")));
    }

    private static ServicePortName port(String service) {
        return new ServicePortName(new ServiceName("default", service), "http", Protocol.TCP);
    }

    private static boolean isOfEndpoints(String line) {
        return line.startsWith("-A KUBE-SEP-") || (line.startsWith("-A KUBE-SVC-") && line.contains("-j KUBE-SEP-"));
    }

    @Test
    void packetsOfTheNodeAreNoPodsWhereInterfacesTell() {
        Plan plan = plan(
                settings(
                        new DetectLocal.InterfaceNamePrefix(new InterfaceName("veth")),
                        NodePortSelection.everywhere(),
                        false),
                slice("web", "10.244.1.1"));
        var tracer = backend.layout().render(plan).tracer(Host.of(List.of(NODE)));
        Ip pod = Ip.parse("10.244.1.9");
        Ip web = Ip.parse("10.96.0.1");

        assertThat(tracer.trace(new Flow(Protocol.TCP, NODE, web, 80)).outcome().masquerade())
                .isTrue();
        assertThat(tracer.trace(new Flow(Protocol.TCP, pod, web, 80, new InterfaceName("veth1")))
                        .outcome()
                        .masquerade())
                .isFalse();
        assertThat(tracer.trace(new Flow(Protocol.TCP, pod, web, 80, new InterfaceName("eth0")))
                        .outcome()
                        .masquerade())
                .isTrue();
    }

    @Test
    void sourcePortsAreRandomWhereTheToolCan() {
        IptablesOptions can = IptablesOptions.defaults();
        IptablesOptions cannot = new IptablesOptions(
                can.variant(), false, can.waitSeconds(), can.primary(), can.layout(), can.endpoints());
        Plan plan = plan(settings(false), slice("web", "10.244.1.1"));

        assertThat(backend.layout().render(plan).text()).contains("-j MASQUERADE --random-fully\n");
        assertThat(new IptablesLayout(cannot).render(plan).text()).contains("-j MASQUERADE\n");
    }

    @Test
    void listsThatForgetClientsAreReported(@TempDir Path folder) throws IOException {
        ServiceObject sticky = but(WEB).sticky(60).done();
        SliceObject slice = slice("web", "10.244.1.1");
        IptablesRuleset rules = backend.layout()
                .render(Planner.plan(
                        ClusterState.of(Map.of(sticky.name(), sticky), Map.of(slice.key(), slice), Map.of(), Map.of()),
                        settings(false)));
        Collection<FamilyRules> families = rules.families().values();
        Path limit = Files.writeString(folder.resolve("ip_list_tot"), "100\n");

        assertThat(new RecentLists(limit).remark(families))
                .hasValueSatisfying(remark -> assertThat(remark).contains("at most 100 clients", "default/web"));
        assertThat(new RecentLists(limit)
                        .remark(backend.layout()
                                .render(plan(settings(false), slice))
                                .families()
                                .values()))
                .isEmpty();
        Files.writeString(limit, "5000\n");
        assertThat(new RecentLists(limit).remark(families)).isEmpty();
        assertThat(new RecentLists(folder.resolve("absent")).remark(families)).isEmpty();
    }

    /**
     * The kernel loads the module when it receives the first rule for a Service with affinity. Before that, the size of
     * the client lists is unknown.
     */
    @Test
    void listsThatForgetClientsAreReportedWhenTheFirstServiceThatNeedsOneComes(@TempDir Path folder)
            throws IOException {
        Path limit = folder.resolve("ip_list_tot");
        FakeIptables kernel = new FakeIptables();
        Backend<IptablesRuleset, IptablesChange> backend =
                new IptablesKernel(kernel, IptablesOptions.defaults(), new RecentLists(limit)).backend();
        Planner planner = new Planner(settings(false));
        planner.put(WEB);
        planner.put(slice("web", "10.244.1.1"));
        planner.update();
        backend.kernel()
                .apply(backend.layout()
                        .diff(backend.kernel().read(), backend.layout().render(planner.plan())));
        Follower<IptablesChange> follower =
                backend.layout().follow(backend.layout().render(planner.plan()), planner.plan());
        assertThat(remarks(backend)).isEmpty();
        planner.put(but(WEB).sticky(60).done());
        IptablesChange change = follower.change(planner.update());
        Files.writeString(limit, "100\n");

        backend.kernel().apply(change);

        assertThat(remarks(backend)).singleElement().asString().contains("at most 100 clients", "default/web");
        assertThat(backend.kernel().read().families()).hasSize(2);
        assertThat(remarks(backend)).as("once").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "iptables v1.8.9 (nf_tables), NFT",
        "iptables v1.8.9 (legacy), LEGACY",
        "iptables v1.6.1, LEGACY",
        "'', SYSTEM"
    })
    void takesTheVariantThatTheToolsAre(String version, IptablesOptions.Variant variant) {
        IptablesVariants variants = new IptablesVariants(
                command -> new ProcessResult(version.isEmpty() ? 1 : 0, version + "\n", ""),
                IptablesOptions.defaults());

        assertThat(variants.inUse()).isEqualTo(variant);
    }
}
