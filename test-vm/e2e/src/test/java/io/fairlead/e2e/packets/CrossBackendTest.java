package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.fixture.Shrinker;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.NodePortAddresses;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.trace.Tracer;
import io.fairlead.iptables.IptablesKernel;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.kernel.NftProgram;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Compares the outcomes of many flows without a kernel. In each mode the flow model and the tracer over the rendered
 * rules must agree. The outcomes of both modes must agree, except for the differences that kube-proxy's modes have too.
 * This class lists these differences independently of the model, so that each is checked twice. {@code
 * -Doracle.clusters=N} tests N clusters.
 */
final class CrossBackendTest {
    private static final int CLUSTERS = 700;
    private static final int FLOWS_OF_A_CLUSTER = 30;

    private static final ProcessRunner NO_KERNEL = command -> {
        throw new AssertionError("a pure function ran " + command.text());
    };

    private final Backend<?, ?> iptables = new IptablesKernel(NO_KERNEL, IptablesOptions.defaults()).backend();
    private final Backend<?, ?> nftables = new NftKernel(new NftProgram(NO_KERNEL)).backend();

    /** The two oracles of a mode: the flow model and the tracer. */
    private record Oracles(Backend<?, ?> backend, RandomCluster cluster, Plan plan, FlowModel model, Tracer tracer) {
        static Oracles of(Backend<?, ?> backend, RandomCluster cluster) {
            Plan plan = cluster.plan();
            return new Oracles(
                    backend,
                    cluster,
                    plan,
                    new FlowModel(plan, cluster.host()),
                    backend.layout().render(plan).tracer(cluster.host()));
        }

        Outcome agreed(Flow flow) {
            Outcome traced = tracer.trace(flow).outcome();
            assertThat(traced)
                    .as(() -> plan.mode()
                            + Shrinker.report(
                                    cluster,
                                    flow,
                                    smaller -> !of(backend, smaller).agree(flow)))
                    .isEqualTo(model.outcome(flow));
            return traced;
        }

        private boolean agree(Flow flow) {
            return tracer.trace(flow).outcome().equals(model.outcome(flow));
        }
    }

    @Test
    void modelsAndTracersOfBothModesAgree() {
        AtomicInteger flows = new AtomicInteger();
        AtomicInteger alike = new AtomicInteger();
        Seeds.each(Integer.getInteger("oracle.clusters", CLUSTERS), seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.NFTABLES);
            Oracles byNftables = Oracles.of(nftables, cluster);
            Oracles byIptables = Oracles.of(iptables, RandomCluster.of(seed, ProxyMode.IPTABLES));
            for (Flow flow : cluster.flows(FLOWS_OF_A_CLUSTER)) {
                Outcome nft = byNftables.agreed(flow);
                Outcome ipt = byIptables.agreed(flow);
                flows.incrementAndGet();
                if (!modesDiffer(byNftables.plan(), cluster.host(), flow)) {
                    alike.incrementAndGet();
                    assertThat(withoutAccept(ipt))
                            .as("same outcome in iptables and nftables: %s", flow)
                            .isEqualTo(nft);
                }
            }
        });
        System.out.printf("%d flows, of which both modes must treat %d alike%n", flows.get(), alike.get());
        assertThat(alike.get()).isGreaterThan(flows.get() / 2);
    }

    /**
     * LBF-21: in iptables mode a rule accepts packets to health check node ports. In nftables mode no rule matches
     * them.
     */
    private static Outcome withoutAccept(Outcome outcome) {
        return outcome.verdict() == Verdict.ACCEPT ? Outcome.of(Verdict.PASS) : outcome;
    }

    private static boolean modesDiffer(Plan nftables, Host host, Flow flow) {
        Frontend.Key vip = new Frontend.Key.Vip(flow.to(), flow.protocol(), flow.port());
        Frontend.Key nodePort = new Frontend.Key.Node(flow.protocol(), flow.port());
        Optional<PortPlan> atVip = holder(nftables, flow.from().family(), vip);
        Optional<PortPlan> atNodePort = holder(nftables, flow.from().family(), nodePort);
        return Stream.concat(atVip.stream(), atNodePort.stream()).anyMatch(port -> remoteHairpin(port, flow))
                || (atVip.isEmpty() && inServiceRange(nftables, flow))
                || atVip.filter(port -> untranslatedVip(port, vip, host, flow)).isPresent()
                || flow.to().isLoopback()
                || (host.isLocal(flow.to())
                        && atNodePort.isPresent()
                        && !listed(nftables.node(flow.from().family()), flow));
    }

    /**
     * NP-18: at addresses that are not in the list of node port addresses, only iptables mode rejects node ports
     * without endpoints.
     */
    private static boolean listed(NodePlan node, Flow flow) {
        return switch (node.nodePortAddresses()) {
            case NodePortAddresses.AnyLocal _ -> true;
            case NodePortAddresses.Only(List<Ip> addresses) -> addresses.contains(flow.to());
        };
    }

    private static Optional<PortPlan> holder(Plan plan, IpFamily family, Frontend.Key key) {
        return plan.ports(family)
                .filter(port -> port.frontends().stream()
                        .anyMatch(
                                frontend -> frontend.key(port.name().protocol()).equals(key)))
                .findFirst();
    }

    /** MQ-7: if a pod reaches itself, nftables mode masquerades only if the pod runs on this node. */
    private static boolean remoteHairpin(PortPlan port, Flow flow) {
        return Stream.concat(port.clusterEndpoints().stream(), port.localEndpoints().stream())
                .filter(endpoint -> !endpoint.local())
                .map(Endpoint::ip)
                .anyMatch(flow.from()::equals);
    }

    /**
     * NEH-5, NEH-6: only nftables mode rejects other ports of a ClusterIP, and drops packets to addresses that no
     * Service has.
     */
    private static boolean inServiceRange(Plan plan, Flow flow) {
        NodePlan node = plan.node(flow.from().family());
        return node.serviceCidrs().stream().anyMatch(cidr -> cidr.contains(flow.to()))
                || plan.ports(flow.from().family())
                        .anyMatch(port -> port.clusterIp().equals(flow.to()));
    }

    /**
     * LBF-6, NEH-3: nftables mode checks source ranges even if there are no endpoints. It also rejects packets from the
     * node itself to external addresses of Services without endpoints.
     */
    private static boolean untranslatedVip(PortPlan port, Frontend.Key vip, Host host, Flow flow) {
        return port.frontends().stream()
                .filter(frontend -> frontend.key(port.name().protocol()).equals(vip))
                .anyMatch(frontend -> port.firewalled(frontend)
                        || (frontend.external() && host.isLocal(flow.from()) && !port.anyEndpoints()));
    }
}
