package io.fairlead.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An agent that is killed at any moment, while objects change all the time, leaves rules of one of the states that
 * there were; the next one starts from them. IPv4 and IPv6 are changed one after the other, so each may be in a state
 * of its own.
 *
 * <p>{@code -Dseed=N} chooses other moments.
 */
@NeedsRoot
@Timeout(600)
final class KillTest {
    private static final int FEW = 5;
    private static final int MANY = Integer.getInteger("kills", 30);
    private static final int MOST_ENDPOINTS = 6;
    private static final long SEED = Long.getLong("seed", 7_301);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"NFTABLES", "IPTABLES_NFT"})
    void killedAFewTimesItLeavesRulesOfOneOfTheStatesThereWere(Way way) throws Exception {
        kill(way, FEW);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource
    void killedManyTimesItLeavesRulesOfOneOfTheStatesThereWere(Way way) throws Exception {
        kill(way, MANY);
    }

    private void kill(Way way, int times) throws Exception {
        try (FileAgent agents = new FileAgent(way, folder)) {
            agents.show(1);
            agents.kernel().bring(agents.plan(1));
            Set<String> seen = whileChurning(agents, () -> killed(agents, times));
            assertThat(seen).as("the agents did change rules meanwhile").hasSizeGreaterThan(times < MANY ? 1 : 3);

            agents.show(3);
            NodeProcess agent = agents.start();
            // Its rules may be there already.
            Await.until(() -> agent.count("started: ") > 0, PATIENCE, agent::log);
            Plan plan = agents.plan(3);
            Await.until(() -> agents.kernel().inStep(plan), PATIENCE, agent::log);
            assertThat(agent.stop()).isZero();
        }
    }

    /** One agent after the other; returns what became of the flows after each. */
    private static Set<String> killed(FileAgent agents, int times) throws IOException, InterruptedException {
        Random random = new Random(SEED);
        Map<IpFamily, Set<String>> intended = new EnumMap<>(IpFamily.class);
        for (IpFamily family : IpFamily.values()) {
            intended.put(family, agents.intended(family, MOST_ENDPOINTS));
        }
        Set<String> seen = new HashSet<>();
        for (int i = 1; i <= times; i++) {
            NodeProcess agent = agents.start();
            // Half of them in what a start does, half among the changes that follow.
            String begun = i % 2 == 0 ? "started: " : " applied: ";
            Await.until(() -> agent.count(begun) > 0, PATIENCE, agent::log);
            Thread.sleep(random.nextLong(1_000));
            agent.kill();
            for (IpFamily family : IpFamily.values()) {
                String now = agents.met(family);
                assertThat(intended.get(family))
                        .as("after kill %d (seed %d)%n%s", i, SEED, agent.log())
                        .contains(now);
                seen.add(now);
            }
            Files.delete(agents.log());
        }
        return seen;
    }

    /** What is done while objects change. */
    private interface Work {
        Set<String> run() throws IOException, InterruptedException;
    }

    private static Set<String> whileChurning(FileAgent agents, Work work) throws IOException, InterruptedException {
        AtomicBoolean goesOn = new AtomicBoolean(true);
        List<Throwable> failures = new ArrayList<>();
        Thread churn = Thread.ofPlatform()
                .uncaughtExceptionHandler((_, failure) -> failures.add(failure))
                .start(() -> churn(agents, goesOn));
        try {
            return work.run();
        } finally {
            goesOn.set(false);
            churn.join();
            assertThat(failures).isEmpty();
        }
    }

    /** One state after the other, as fast as a file can be replaced and looked at. */
    private static void churn(FileAgent agents, AtomicBoolean goesOn) {
        Random random = new Random(SEED + 1);
        while (goesOn.get()) {
            try {
                agents.show(1 + random.nextInt(MOST_ENDPOINTS));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            Await.pause();
        }
    }
}
