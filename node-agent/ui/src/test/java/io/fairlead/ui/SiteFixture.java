package io.fairlead.ui;

import static io.fairlead.core.fixture.ClusterObjects.remote;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;

import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.serve.CountedPackets;
import io.fairlead.agent.serve.Page;
import io.fairlead.agent.source.ClusterSource;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.rules.Lines;
import io.fairlead.core.trace.Tracer;
import io.fairlead.core.verify.Verification;
import io.fairlead.iptables.IptablesLayout;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.nft.NftLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A site whose plan and rounds a test chooses. Its questions are answered from the rules that the plan has. */
final class SiteFixture implements Questions {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    final Planner planner = new Planner(
            KubeProxyConfig.defaults().settings(ProxyMode.NFTABLES, "node-a", List.of(Ip.parse("192.0.2.1"))));
    final SortedMap<ServiceName, String> quarantine = new TreeMap<>();
    final List<ClusterSource.Detail> status = new ArrayList<>();
    final List<CountedPackets> counted = new ArrayList<>(List.of(
            new CountedPackets("dropped", "Dropped packets.", () -> OptionalLong.of(7)),
            new CountedPackets("none", "Not counted.", OptionalLong::empty)));
    final UiSite site;
    final SortedMap<String, Page.Source> pages;
    Runnable beforeAnswer = () -> {};

    SiteFixture() {
        site = new UiSite(
                new UiSite.Identity("node-a", "nftables"),
                new Access(true, null),
                List.of(
                        new Notation(new NftLayout(), true),
                        new Notation(new IptablesLayout(IptablesOptions.defaults()), false)),
                counted,
                this,
                () -> NOW);
        pages = site.pages(() -> status);
    }

    /** Adds a Service "default/NAME" with endpoints on another node. */
    SiteFixture with(String name, String clusterIp, String... endpoints) {
        return with(service(name, clusterIp), endpoints);
    }

    SiteFixture with(ServiceObject service, String... endpoints) {
        planner.put(service);
        SliceObject.SliceEndpoint[] all = new SliceObject.SliceEndpoint[endpoints.length];
        for (int i = 0; i < endpoints.length; i++) {
            all[i] = remote(endpoints[i]);
        }
        planner.put(slice(service.name().name(), all));
        return this;
    }

    /** Runs a successful round. */
    SiteFixture round() {
        return round(RoundResult.Outcome.APPLIED, "");
    }

    SiteFixture round(RoundResult.Outcome outcome, String error) {
        PlanDelta delta = planner.update();
        Plan plan = planner.plan();
        Map<IpFamily, NodePlan> node = new EnumMap<>(IpFamily.class);
        for (IpFamily family : IpFamily.values()) {
            node.put(family, plan.node(family));
        }
        site.after(new RoundResult(
                outcome,
                false,
                delta,
                List.of(),
                Lines.NONE,
                List.of(new RoundResult.Stage("plan", Duration.ofMillis(2))),
                Duration.ofMillis(3),
                quarantine,
                null,
                node,
                List.of(),
                List.of(),
                null,
                error));
        return this;
    }

    Page page(String path, String query) {
        return page("GET", path, query, "localhost:10249");
    }

    Page page(String method, String path, String query, String host) {
        return pages.get(path).apply(new Page.Request(method, path, query, host, "", ""));
    }

    String html(String path, String query) {
        return page(path, query).body();
    }

    private Tracer tracer(Plan plan) {
        return new NftLayout().render(plan).tracer(host());
    }

    private static Host host() {
        return Host.of(List.of(Ip.parse("192.0.2.1")));
    }

    @Override
    public Traced trace(Plan plan, Flow flow) {
        beforeAnswer.run();
        return new Traced(tracer(plan).answer(flow), new FlowModel(plan, host()).outcome(flow), List.of("a note"));
    }

    @Override
    public Verified verify(Plan plan, Predicate<ServicePortName> ports) {
        beforeAnswer.run();
        Plan none = new Plan(plan.ipv4(), plan.ipv6(), new TreeMap<>());
        Verification verification = Verification.of(plan, host(), tracer(none), ports, () -> {});
        return new Verified(verification, List.of(new Cause("no rule matches it", verification.findings())), List.of());
    }
}
