package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.RemoteHairpin;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.fixture.Shrinker;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.trace.TracePath;
import io.fairlead.e2e.fixtures.FlowCheck;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.render.EndpointLayout;
import io.fairlead.linux.process.ProcessRunner;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests random clusters, one after the other in the same kernel. Random flows for each cluster are sent as real
 * packets. The flow model, the tracers and the kernel must agree. {@code -Dkernel.flows=N} sends N flows per backend
 * instead of {@value #FLOWS}; {@code -Dkernel.seed=N} starts with another cluster.
 */
@NeedsRoot
final class RandomKernelFlowTest {
    private static final int FLOWS = 420;
    private static final long FIRST_SEED = 1;
    private static final int FLOWS_OF_A_CLUSTER = 30;
    private static final int DRAWN_OF_A_CLUSTER = 60;

    /** The reasons why a flow is not sent. */
    private enum LeftOut {
        /** The JVM has no sockets for SCTP. */
        SCTP,
        /** A packet from or to a loopback address does not leave its host, or the next host drops it. */
        LOOPBACK_ABROAD,
        /** The flow does not pass the node. */
        WITHIN_ONE_HOST,
        /**
         * An endpoint drops a packet whose source is its own address, so the test cannot see whether the packet reached
         * it.
         */
        BACK_TO_SENDER,
        /** The compact layout does not masquerade this flow, although the model expects it. */
        REMOTE_HAIRPIN
    }

    /**
     * A backend that is tested with the kernel.
     *
     * @param compact whether the backend uses the compact layout, in which endpoints of other nodes have no chains
     * @param share the share of the flows that are sent, from 0 to 1
     */
    record Subject(
            String name, ProxyMode mode, Function<ProcessRunner, Kernel<?, ?>> opened, boolean compact, double share) {
        static Subject of(ProxyMode mode) {
            return new Subject(mode.text(), mode, runner -> Kernel.open(mode, runner), false, 1);
        }

        static Subject compact(Variant variant) {
            IptablesOptions options = IptablesOptions.defaults().with(variant).with(EndpointLayout.COMPACT);
            String name = variant.program(IpFamily.IPV4) + ", compact";
            return new Subject(name, ProxyMode.IPTABLES, runner -> Kernel.iptables(runner, options), true, 0.25);
        }

        static Subject tree(Variant variant) {
            IptablesOptions options = IptablesOptions.defaults().with(variant).with(Layout.TREE);
            String name = variant.program(IpFamily.IPV4) + ", tree";
            return new Subject(name, ProxyMode.IPTABLES, runner -> Kernel.iptables(runner, options), false, 0.4);
        }

        Kernel<?, ?> on(World world) {
            return opened.apply(world.nodeRunner());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Subject> subjects() {
        return Stream.of(
                        Kernel.modes().stream().map(Subject::of),
                        Stream.of(Variant.LEGACY, Variant.NFT).map(Subject::tree),
                        Stream.of(Variant.LEGACY, Variant.NFT).map(Subject::compact))
                .flatMap(Function.identity());
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void modelTracersAndKernelAgree(Subject subject) {
        ProxyMode mode = subject.mode();
        int wanted = (int) (Integer.getInteger("kernel.flows", FLOWS) * subject.share());
        List<Flow> sent = new ArrayList<>();
        List<Long> seeds = new ArrayList<>();
        Map<LeftOut, Integer> leftOut = new EnumMap<>(LeftOut.class);
        try (World world = World.ofRandomClusters(mode)) {
            world.node().sysctl("netfilter/nf_conntrack_udp_timeout", "1");
            world.node().sysctl("netfilter/nf_conntrack_udp_timeout_stream", "1");
            Seeds.from(Long.getLong("kernel.seed", FIRST_SEED), wanted, seed -> {
                if (sent.size() < wanted) {
                    seeds.add(seed);
                    sent.addAll(check(world, subject, RandomCluster.of(seed, mode), leftOut));
                }
            });
        }
        System.out.printf(
                "%s: %d flows of %d clusters from seed %d on; left out: %s%n",
                subject, sent.size(), seeds.size(), seeds.getFirst(), leftOut);
        assertThat(sent).hasSizeGreaterThanOrEqualTo(Long.getLong("seed") == null ? wanted : 1);
    }

    private static List<Flow> check(
            World world, Subject subject, RandomCluster cluster, Map<LeftOut, Integer> leftOut) {
        Plan plan = cluster.plan();
        Kernel<?, ?> kernel = subject.on(world);
        world.forgetKubelet();
        kernel.bring(plan);
        FlowCheck check = new FlowCheck(world, kernel, plan, cluster.host());
        List<Flow> flows = new ArrayList<>();
        for (Flow flow : cluster.flows(DRAWN_OF_A_CLUSTER).stream().distinct().toList()) {
            leftOut(world, subject, plan, check, flow)
                    .ifPresentOrElse(why -> leftOut.merge(why, 1, Integer::sum), () -> flows.add(flow));
        }
        List<Flow> sent = flows.subList(0, Math.min(FLOWS_OF_A_CLUSTER, flows.size()));
        assertThat(check.disagreements(sent, FlowCheck.Stickiness.SOME_ENDPOINTS))
                .as(() -> reports(world, subject, cluster, sent))
                .isEmpty();
        return sent;
    }

    /**
     * Repeats the flows and reports the first for which the outcomes disagree again, with the smallest cluster for
     * which they disagree in the same kernel.
     */
    private static String reports(World world, Subject subject, RandomCluster cluster, List<Flow> sent) {
        return sent.stream()
                .filter(flow -> disagrees(world, subject, cluster, flow))
                .findFirst()
                .map(flow -> Shrinker.report(cluster, flow, smaller -> disagrees(world, subject, smaller, flow)))
                .orElse("none of the flows disagrees when it is sent again");
    }

    private static boolean disagrees(World world, Subject subject, RandomCluster cluster, Flow flow) {
        Plan plan = cluster.plan();
        if (subject.compact() && RemoteHairpin.is(plan, flow)) {
            return false;
        }
        Kernel<?, ?> kernel = subject.on(world);
        world.forgetKubelet();
        kernel.bring(plan);
        return !new FlowCheck(world, kernel, plan, cluster.host())
                .disagreements(List.of(flow), FlowCheck.Stickiness.SOME_ENDPOINTS)
                .isEmpty();
    }

    private static Optional<LeftOut> leftOut(World world, Subject subject, Plan plan, FlowCheck check, Flow flow) {
        if (subject.compact() && RemoteHairpin.is(plan, flow)) {
            return Optional.of(LeftOut.REMOTE_HAIRPIN);
        }
        if (flow.protocol() == Protocol.SCTP) {
            return Optional.of(LeftOut.SCTP);
        }
        boolean fromNode = world.owner(flow.from()) == world.node();
        if (flow.from().isLoopback() ? !flow.to().isLoopback() : flow.to().isLoopback() && !fromNode) {
            return Optional.of(LeftOut.LOOPBACK_ABROAD);
        }
        if (!fromNode && world.owner(flow.from()) == world.owner(flow.to())) {
            return Optional.of(LeftOut.WITHIN_ONE_HOST);
        }
        List<TracePath> paths = check.trace(flow).paths();
        boolean backToSender = paths.stream()
                .anyMatch(path -> path.endpoint() != null
                        && !path.masquerade()
                        && !fromNode
                        && path.endpoint().ip().equals(flow.from()));
        return backToSender ? Optional.of(LeftOut.BACK_TO_SENDER) : Optional.empty();
    }
}
