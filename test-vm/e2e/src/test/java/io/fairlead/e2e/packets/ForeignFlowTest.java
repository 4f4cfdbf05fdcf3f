package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.NetlinkListing;
import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.trace.TracePath;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.Questions;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.dump.LiveDump;
import io.fairlead.explain.model.RuleTable.Tool;
import io.fairlead.explain.walk.NodeTrace;
import io.fairlead.explain.walk.NodeTracer;
import io.fairlead.lab.Answer;
import io.fairlead.linux.node.NodeFacts;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests random clusters together with random rules of another program. Random flows are sent as real packets. The
 * tracer that follows the rules of all programs and the kernel must agree, whether the tracer's rules are read from the
 * kernel by netlink or from a dump. {@code -Dforeign.flows=N} sends N flows for each pair of writers instead of {@value
 * #FLOWS}.
 */
@NeedsRoot
final class ForeignFlowTest {
    private static final int FLOWS = 160;
    private static final int FLOWS_OF_A_CLUSTER = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofMillis(400);

    /** A pair of writers of rules: the mode of the proxy, and the tool of the other program. */
    record Writers(ProxyMode mode, String other) {
        @Override
        public String toString() {
            return mode.text() + " beside " + other;
        }
    }

    static Stream<Writers> writers() {
        return Stream.of(
                new Writers(ProxyMode.IPTABLES, "nft"),
                new Writers(ProxyMode.NFTABLES, "iptables-nft"),
                new Writers(ProxyMode.IPTABLES, "iptables-nft"),
                new Writers(ProxyMode.NFTABLES, "iptables-legacy"));
    }

    @ParameterizedTest
    @MethodSource("writers")
    void walkAndKernelAgree(Writers writers) {
        int wanted = Integer.getInteger("foreign.flows", FLOWS);
        List<Flow> sent = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        int[] stopped = {0};
        int[] doubtful = {0};
        try (World world = World.ofRandomClusters(writers.mode())) {
            world.node().sysctl("netfilter/nf_conntrack_udp_timeout", "1");
            world.node().sysctl("netfilter/nf_conntrack_udp_timeout_stream", "1");
            Seeds.from(Long.getLong("kernel.seed", 1), wanted, seed -> {
                if (sent.size() < wanted) {
                    RandomCluster cluster = RandomCluster.of(seed, writers.mode());
                    wrong.addAll(check(world, writers, cluster, seed, sent, stopped, doubtful));
                }
            });
        }
        System.out.printf(
                "%s: %d flows, %d of them stopped by another program, %d with a condition%n",
                writers, sent.size(), stopped[0], doubtful[0]);
        assertThat(wrong).isEmpty();
        assertThat(sent).hasSizeGreaterThanOrEqualTo(Long.getLong("seed") == null ? wanted : 1);
        assertThat(stopped[0]).isPositive();
    }

    private static List<String> check(
            World world,
            Writers writers,
            RandomCluster cluster,
            long seed,
            List<Flow> sent,
            int[] stopped,
            int[] doubtful) {
        Plan plan = cluster.plan();
        Kernel<?, ?> kernel = world.kernel();
        world.forgetKubelet();
        kernel.bring(plan);
        List<Flow> flows = cluster.flows(FLOWS_OF_A_CLUSTER * 2).stream()
                // Packets arrive by the links of the lab, so the interfaces of the random cluster are removed from the
                // flows.
                .map(flow -> new Flow(flow.protocol(), flow.from(), flow.to(), flow.port()))
                .distinct()
                .filter(flow -> isSendable(world, flow))
                .limit(FLOWS_OF_A_CLUSTER)
                .toList();
        List<String> foreign = load(world, writers, plan, flows, seed);
        try {
            LiveDump reading = new LiveDump(
                    world.nodeRunner(),
                    NodeFacts.NONE,
                    new NetlinkListing(world.node().namespace()));
            Dump live = reading.read();
            assertThat(reading.messages()).noneMatch(message -> message.contains("nftables"));
            NodeTracer tracer = new NodeTracer(
                    live.rules(),
                    Map.of(tool(writers.mode()), kernel.chains(cluster.host())),
                    cluster.host(),
                    live.routing());
            NodeTracer ofDump = dumped(world, kernel, cluster, writers);
            listen(world, plan, flows);
            List<Flow> fit = flows.stream()
                    .filter(flow -> tracer.explain(flow).trace().paths().stream()
                            .noneMatch(path -> isBackToSender(world, flow, path)))
                    .toList();
            sent.addAll(fit);
            return Questions.ask(fit, _ -> false, (flow, _) -> {
                NodeTrace expected;
                NodeTrace again;
                synchronized (tracer) {
                    expected = tracer.explain(flow);
                    again = ofDump.explain(flow);
                    stopped[0] += expected.trace().paths().getFirst().verdict() == Verdict.DROP ? 1 : 0;
                    doubtful[0] += expected.doubts().isEmpty() ? 0 : 1;
                }
                List<String> found = new ArrayList<>(differences(world, flow, expected));
                if (!verdicts(again).equals(verdicts(expected))) {
                    found.add("the dump says " + verdicts(again) + ", the kernel " + verdicts(expected));
                }
                return found.stream()
                        .map(what -> "seed " + seed + ": " + flow + ": " + what + "\n"
                                + expected.trace().paths() + "\n" + String.join("\n", foreign))
                        .toList();
            });
        } finally {
            unload(world, writers);
        }
    }

    private static Tool tool(ProxyMode mode) {
        return mode == ProxyMode.IPTABLES ? Tool.IPTABLES : Tool.NFT;
    }

    private static boolean isSendable(World world, Flow flow) {
        boolean fromNode = world.owner(flow.from()) == world.node();
        boolean loopback = flow.from().isLoopback() || flow.to().isLoopback();
        return flow.protocol() != Protocol.SCTP
                && !loopback
                && (fromNode || world.owner(flow.from()) != world.owner(flow.to()));
    }

    private static boolean isBackToSender(World world, Flow flow, TracePath path) {
        return path.endpoint() != null
                && !path.masquerade()
                && world.owner(flow.from()) != world.node()
                && world.owner(path.endpoint().ip()) == world.owner(flow.from());
    }

    private static Set<String> verdicts(NodeTrace trace) {
        Set<String> verdicts = new TreeSet<>();
        trace.trace()
                .paths()
                .forEach(path -> verdicts.add(path.verdict() + " " + path.endpoint() + " " + path.masquerade()));
        return verdicts;
    }

    /**
     * Sends packets of a flow, at most three, and returns the first answer that does not fit the trace. The list is
     * empty if all answers fit, or if the trace has doubts.
     */
    private static List<String> differences(World world, Flow flow, NodeTrace expected) {
        boolean silent = expected.trace().paths().stream().allMatch(path -> path.verdict() == Verdict.DROP);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < (silent ? 1 : 3) && found.isEmpty(); i++) {
            Answer answer = world.owner(flow.from())
                    .ask(flow.protocol(), flow.from(), new IpPort(flow.to(), flow.port()), silent ? SILENCE : PATIENCE);
            if (expected.trace().paths().stream().noneMatch(path -> fits(world, flow, path, answer))) {
                found.add("expected " + verdicts(expected)
                        + (expected.doubts().isEmpty() ? "" : " " + expected.condition()) + ", was " + answer);
            }
        }
        return expected.doubts().isEmpty() ? found : List.of();
    }

    /**
     * Returns whether a path excludes the packet from connection tracking. The answer then has no connection either, so
     * rules may drop it.
     */
    private static boolean isUntracked(TracePath path) {
        return path.steps().stream().anyMatch(step -> step.why().startsWith("not tracked"));
    }

    private static boolean fits(World world, Flow flow, TracePath path, Answer answer) {
        if (isUntracked(path) && answer instanceof Answer.TimedOut) {
            return true;
        }
        return switch (path.verdict()) {
            case DROP -> answer instanceof Answer.TimedOut;
            case REJECT -> answer instanceof Answer.Refused;
            case DNAT ->
                answer instanceof Answer.Answered answered
                        && answered.at().equals(path.endpoint())
                        && answered.seenSource()
                                .equals(source(world, flow, path, answered.at().ip()));
            case ACCEPT, PASS ->
                answer instanceof Answer.Answered answered
                        && answered.at().equals(new IpPort(flow.to(), flow.port()))
                        && answered.seenSource().equals(source(world, flow, path, flow.to()));
        };
    }

    private static Ip source(World world, Flow flow, TracePath path, Ip destination) {
        return path.masquerade() ? world.masqueradeSource(flow.from(), destination) : flow.from();
    }

    private static void listen(World world, Plan plan, List<Flow> flows) {
        for (IpFamily family : IpFamily.values()) {
            plan.ports(family)
                    .filter(port -> port.name().protocol() != Protocol.SCTP)
                    .forEach(port -> Stream.concat(port.clusterEndpoints().stream(), port.localEndpoints().stream())
                            .map(Endpoint::address)
                            .forEach(at -> world.listen(port.name().protocol(), at)));
        }
        flows.forEach(flow -> world.listen(flow.protocol(), new IpPort(flow.to(), flow.port())));
    }

    private static List<String> load(World world, Writers writers, Plan plan, List<Flow> flows, long seed) {
        List<String> loaded = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            List<IpPort> endpoints = plan.ports(family)
                    .flatMap(port -> port.clusterEndpoints().stream())
                    .map(Endpoint::address)
                    .toList();
            ForeignRules rules = new ForeignRules(
                    new Random(seed * 31 + (family == IpFamily.IPV4 ? 0 : 1)),
                    family,
                    flows,
                    endpoints,
                    devices(world));
            if (!rules.isEmpty()) {
                String text = writers.other().equals("nft") ? rules.nft() : rules.iptables();
                Command command = writers.other().equals("nft")
                        ? Command.of("nft", "-f", "-")
                        : Command.of(
                                (family == IpFamily.IPV4 ? "" : "ip6").isEmpty()
                                        ? writers.other() + "-restore"
                                        : writers.other().replace("iptables", "ip6tables") + "-restore",
                                "--noflush");
                ProcessResult result = world.nodeRunner().run(command.withInput(text));
                assertThat(result.succeeded()).as("%s%n%s", result, text).isTrue();
                loaded.add(text);
            }
        }
        return loaded;
    }

    private static List<String> devices(World world) {
        return world.nodeRunner()
                .run(Command.of("ip", "-o", "link"))
                .output()
                .lines()
                .map(line -> line.split(": ", -1)[1].split("@", -1)[0])
                .filter(device -> !device.equals("lo"))
                .limit(4)
                .toList();
    }

    private static void unload(World world, Writers writers) {
        if (writers.other().equals("nft")) {
            for (String table : List.of("others-ip", "others-ip6")) {
                world.nodeRunner().run(Command.of("nft", "delete", "table", "inet", table));
            }
            return;
        }
        for (String program : List.of(writers.other(), writers.other().replace("iptables", "ip6tables"))) {
            for (String table : List.of("raw", "mangle", "filter", "nat")) {
                world.nodeRunner().run(Command.of(program, "-w", "-t", table, "-F"));
                world.nodeRunner().run(Command.of(program, "-w", "-t", table, "-X"));
            }
        }
    }

    /** Returns a tracer over a dump of the tools' outputs. Only the proxy's own chains are read from the kernel. */
    private static NodeTracer dumped(World world, Kernel<?, ?> kernel, RandomCluster cluster, Writers writers) {
        StringBuilder text = new StringBuilder();
        List<Command> commands = new ArrayList<>(List.of(
                Command.of("nft", "-j", "list", "ruleset"),
                Command.of("iptables-nft-save", "-c"),
                Command.of("ip6tables-nft-save"),
                Command.of("iptables-legacy-save"),
                Command.of("ip6tables-legacy-save"),
                Command.of("ip", "-j", "addr"),
                Command.of("ip", "-j", "route", "show", "table", "all"),
                Command.of("ip", "-6", "-j", "route", "show", "table", "all"),
                Command.of("ip", "-j", "rule")));
        for (Command command : commands) {
            ProcessResult result = world.nodeRunner().run(command);
            text.append(result.succeeded() ? result.output() : "").append('\n');
        }
        Dump dump = Dump.read("dump", text.toString());
        return new NodeTracer(
                dump.rules(),
                Map.of(tool(writers.mode()), kernel.chains(cluster.host())),
                cluster.host(),
                dump.routing());
    }
}
