package io.fairlead.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.agent.process.ExecProcessRunner;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.oracle.FlowModel;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.process.Command;
import io.fairlead.core.process.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong around an agent, with the agent as a process of its own that follows a file. */
@NeedsRoot
@Tag("slow")
@Timeout(1800)
final class FaultTest {
    private static final int KILLS = Integer.getInteger("kills", 30);
    private static final int MOST_ENDPOINTS = 6;
    private static final long SEED = Long.getLong("seed", 7_301);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final List<String> PROGRAMS = List.of(
            "nft", "iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore");

    @TempDir
    Path folder;

    private World world;
    private Path log;
    private final List<NodeProcess> started = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        log = folder.resolve("agent.log");
        Files.createDirectory(folder.resolve("objects"));
    }

    @AfterEach
    void end() {
        started.forEach(NodeProcess::close);
        if (world != null) {
            world.close();
        }
    }

    /** IPv4 and IPv6 are changed one after the other, so each may be in a state of its own. */
    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void killedAtAnyMomentItLeavesRulesOfOneOfTheStatesThereWere(ProxyMode mode) throws Exception {
        world = new World(mode);
        Map<IpFamily, Set<String>> intended = intended();
        Random random = new Random(SEED);
        show(1);
        world.kernel().bring(world.plan(ManyEndpoints.state(1)));
        AtomicBoolean churning = new AtomicBoolean(true);
        List<Throwable> failures = new ArrayList<>();
        Thread churn = Thread.ofPlatform()
                .uncaughtExceptionHandler((_, failure) -> failures.add(failure))
                .start(() -> churn(churning));
        Set<String> seen = new HashSet<>();
        try {
            for (int i = 1; i <= KILLS; i++) {
                NodeProcess agent = start(mode);
                // Half of them in what a start does, half among the changes that follow.
                String begun = i % 2 == 0 ? " applied: " : "started: ";
                Await.until(() -> agent.count(begun) > 0, PATIENCE, agent::log);
                Thread.sleep(random.nextLong(1_000));
                agent.kill();
                for (IpFamily family : IpFamily.values()) {
                    String now = state(world.kernel()
                            .readBack(world.host())
                            .trace(flow(family))
                            .outcome());
                    assertThat(intended.get(family))
                            .as("after kill %d (seed %d)%n%s", i, SEED, agent.log())
                            .contains(now);
                    seen.add(now);
                }
                Files.delete(log);
            }
        } finally {
            churning.set(false);
            churn.join();
        }
        assertThat(failures).isEmpty();
        assertThat(seen).as("the agents did change rules meanwhile").hasSizeGreaterThan(3);

        show(3);
        NodeProcess agent = start(mode);
        Plan plan = world.plan(ManyEndpoints.state(3));
        Await.until(() -> world.kernel().inStep(plan), PATIENCE, agent::log);
        assertThat(agent.stop()).isZero();
    }

    /** Nothing is written to a disk but logs; JNR would unpack its library, and can do without the disk or be done without. */
    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void worksWhileTheDiskIsFull(ProxyMode mode) throws IOException {
        world = new World(mode);
        Path full = Files.createDirectory(folder.resolve("full"));
        run("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", full.toString());
        try {
            assertThatThrownBy(() -> Files.write(full.resolve("filling"), new byte[8192]))
                    .isInstanceOf(IOException.class);
            show(2);
            NodeProcess agent = start(mode, "JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=" + full);
            Plan plan = world.plan(ManyEndpoints.state(2));
            Await.until(() -> world.kernel().inStep(plan), PATIENCE, agent::log);
            assertThat(agent.stop()).isZero();
        } finally {
            run("umount", full.toString());
        }
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void saysWhichProgramIsMissing(ProxyMode mode) throws IOException {
        world = new World(mode);
        String program = mode == ProxyMode.NFTABLES ? "nft" : "iptables-restore";
        Path programs = Files.createDirectory(folder.resolve("programs"));
        for (String other : PROGRAMS) {
            if (!other.equals(program)) {
                Files.createSymbolicLink(programs.resolve(other), Path.of("/usr/sbin", other));
            }
        }
        show(2);
        NodeProcess agent = start(mode, "PATH=" + programs);
        String expected = "cannot run (?:ip6?tables-restore|nft)";
        Await.until(() -> agent.count(expected) > 0 || !agent.isAlive(), PATIENCE, agent::log);
        assertThat(agent.count(expected)).as(agent.log()).isPositive();
    }

    private static void run(String... words) {
        ProcessResult result = new ExecProcessRunner().run(Command.of(words));
        assertThat(result.succeeded()).as("%s", result).isTrue();
    }

    private NodeProcess start(ProxyMode mode, String... environment) {
        NodeProcess agent = NodeProcess.fairlead(
                world.node().namespace(),
                log,
                List.of(environment),
                List.of(
                        "agent",
                        "--source",
                        folder.resolve("objects").toString(),
                        "--node-name",
                        World.NODE_NAME,
                        "--proxy-mode",
                        mode.text(),
                        "--cluster-cidr",
                        "10.244.0.0/16,fd00:10:244::/48",
                        "--detect-local-mode",
                        "ClusterCIDR",
                        "--local-addresses",
                        world.host().addresses().stream().map(Ip::text).collect(Collectors.joining(","))));
        started.add(agent);
        return agent;
    }

    /** One state after the other, as fast as a file can be replaced and looked at. */
    private void churn(AtomicBoolean goesOn) {
        Random random = new Random(SEED + 1);
        while (goesOn.get()) {
            try {
                show(1 + random.nextInt(MOST_ENDPOINTS));
                Thread.sleep(20);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void show(int endpoints) throws IOException {
        Path fresh = Files.writeString(
                folder.resolve("fresh"),
                ManyEndpoints.yaml(IntStream.range(0, endpoints).boxed().toList()));
        Files.move(
                fresh,
                folder.resolve("objects/cluster.yaml"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private Flow flow(IpFamily family) {
        IpPort to = ManyEndpoints.virtual(family);
        Ip from = world.visitor().addresses().stream()
                .filter(address -> address.family() == family)
                .findFirst()
                .orElseThrow();
        return new Flow(Protocol.UDP, from, to.ip(), to.port());
    }

    private Map<IpFamily, Set<String>> intended() throws IOException {
        Map<IpFamily, Set<String>> intended = new EnumMap<>(IpFamily.class);
        for (int endpoints = 1; endpoints <= MOST_ENDPOINTS; endpoints++) {
            FlowModel model = new FlowModel(world.plan(ManyEndpoints.state(endpoints)), world.host());
            Stream.of(IpFamily.values())
                    .forEach(family -> intended.computeIfAbsent(family, _ -> new HashSet<>())
                            .add(state(model.outcome(flow(family)))));
        }
        return intended;
    }

    private static String state(Outcome outcome) {
        return outcome.toString();
    }
}
