package io.fairlead.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.oracle.FlowModel;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
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
                Await.until(() -> agent.count("started: ") > 0, PATIENCE, agent::log);
                Thread.sleep(random.nextLong(1_500));
                agent.kill();
                for (IpFamily family : IpFamily.values()) {
                    String now = state(world.kernel().readBack(world.host()).trace(flow(family)).outcome());
                    assertThat(intended.get(family)).as("after kill %d (seed %d)%n%s", i, SEED, agent.log()).contains(now);
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

    private NodeProcess start(ProxyMode mode) {
        NodeProcess agent = NodeProcess.fairlead(
                world.node().namespace(),
                log,
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
            Stream.of(IpFamily.values()).forEach(family -> intended.computeIfAbsent(family, _ -> new HashSet<>())
                    .add(state(model.outcome(flow(family)))));
        }
        return intended;
    }

    private static String state(Outcome outcome) {
        return outcome.toString();
    }
}
