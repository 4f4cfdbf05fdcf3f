package io.fairlead.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Plan;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
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
 * Tests agents that are killed at random moments while objects change. The remaining rules of each family must be the
 * rules for one state of the objects, and the next agent must work with them. The rules of IPv4 and IPv6 are changed
 * one after the other, so the two families may have the rules of different states.
 *
 * <p>{@code -Dseed=N} selects other moments.
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
            assertThat(seen)
                    .as("outcomes, which show that the agents changed rules")
                    .hasSizeGreaterThan(times < MANY ? 1 : 3);

            agents.show(3);
            NodeProcess agent = agents.start();
            // A killed agent may already have written the rules of this plan, so wait first for the log of this agent.
            Await.until(() -> agent.count("started: ") > 0, PATIENCE, agent::log);
            Plan plan = agents.plan(3);
            Await.until(() -> agents.kernel().inStep(plan), PATIENCE, agent::log);
            assertThat(agent.stop()).isZero();
        }
    }

    /** Starts and kills agents, one after the other. Returns the outcomes of flows after the kills. */
    private static Set<String> killed(FileAgent agents, int times) throws IOException, InterruptedException {
        Random random = new Random(SEED);
        Map<IpFamily, Set<String>> intended = new EnumMap<>(IpFamily.class);
        for (IpFamily family : IpFamily.values()) {
            intended.put(family, agents.intended(family, MOST_ENDPOINTS));
        }
        Set<String> seen = new HashSet<>();
        for (int i = 1; i <= times; i++) {
            NodeProcess agent = agents.start();
            // Half of the agents are killed during their start, half during later changes.
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

    /** A part of a test that runs while objects change. */
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

    /** Until {@code goesOn} is false: gives the Service a random number of endpoints, then pauses for 20 ms. */
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
