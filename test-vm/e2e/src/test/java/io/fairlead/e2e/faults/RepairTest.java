package io.fairlead.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.Plan;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.ManyEndpoints;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.lab.Answer;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that the agent repairs its rules when another program changes them, and that it starts no program while nothing
 * changes.
 */
@NeedsRoot
@Timeout(120)
final class RepairTest {
    private static final int ENDPOINTS = 3;
    private static final Duration START = Duration.ofSeconds(60);
    /**
     * The time limit of a repair. The next poll follows within half a second, and the repair takes some milliseconds.
     * The rest is for a busy machine.
     */
    private static final Duration REPAIR = Duration.ofSeconds(3);

    /** The interval at which an idle agent asks the kernel whether rules were changed. */
    private static final Duration POLL = Duration.ofMillis(500);

    private static final Duration LOST = Duration.ofMillis(50);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "NFTABLES, nft flush ruleset, nft \\(\\d+\\)",
        "IPTABLES_NFT, iptables-nft -w -t nat -F, iptables-nft \\(\\d+\\)",
        "IPTABLES_NFT, nft flush ruleset, nft \\(\\d+\\)",
        "IPTABLES_LEGACY, iptables-legacy -w -t nat -F, [a-z ]+ \\(in IPv4 nat\\)"
    })
    void repairsFlushedRulesWhileClientsConnectAndLogsItOnce(Way way, String flush, String who) throws IOException {
        try (FileAgent agents = new FileAgent(way, folder)) {
            ManyEndpoints.host(agents.world(), ENDPOINTS);
            agents.show(ENDPOINTS);
            NodeProcess agent = agents.start();
            Await.until(() -> answered(agents), START, agent::log);
            for (int times = 1; times <= 2; times++) {
                run(agents, flush.split(" ", -1));
                Await.until(() -> answered(agents), REPAIR, agent::log);
                Plan plan = agents.plan(ENDPOINTS);
                Await.until(() -> agents.kernel().inStep(plan), REPAIR, agent::log);
                int expected = times;
                Await.until(
                        () -> agent.count("repaired after " + who + " had changed the rules: [+]\\d+ -\\d+ lines of ")
                                == expected,
                        REPAIR,
                        agent::log);
            }
            assertThat(agent.stop()).isZero();
            assertThat(agent.count("repaired after")).as(agent.log()).isEqualTo(2);
        }
    }

    /** Returns whether the Service answers a flow from a new port. */
    private static boolean answered(FileAgent agents) {
        Flow flow = agents.flow(IpFamily.IPV4);
        return agents.world().visitor().ask(flow.protocol(), flow.from(), new IpPort(flow.to(), flow.port()), LOST)
                instanceof Answer.Answered;
    }

    /** The nft variant of iptables is not tested, because the agent watches it in the same way as nftables. */
    @ParameterizedTest
    @EnumSource(names = {"NFTABLES", "IPTABLES_LEGACY"})
    void startsNoProgramWhileNothingHappens(Way way) throws IOException {
        Path calls = folder.resolve("calls");
        Path programs = Files.createDirectory(folder.resolve("programs"));
        for (String name : List.of("iptables", "ip6tables")) {
            for (String kind : List.of("", "-nft", "-legacy")) {
                for (String tool : List.of("", "-save", "-restore")) {
                    record(programs, name + kind + tool, calls);
                }
            }
        }
        record(programs, "nft", calls);
        try (FileAgent agents = new FileAgent(way, folder)) {
            agents.show(ENDPOINTS);
            List<String> environment = new ArrayList<>(way.environment());
            environment.add("PATH=" + programs + ":/usr/sbin:/usr/bin:/sbin:/bin");
            NodeProcess agent = agents.start(environment);
            Plan plan = agents.plan(ENDPOINTS);
            Await.until(() -> agents.kernel().inStep(plan), START, agent::log);
            Await.until(() -> agent.count(" applied: ") > 0, START, agent::log);
            List<String> before = stillness(agent, calls);
            switch (way) {
                case NFTABLES -> {
                    assertThat(before).doesNotContain("nft");
                    assertThat(agent.mappings()).contains("libc.so").doesNotContain("libnftables");
                }
                case IPTABLES_NFT, IPTABLES_LEGACY -> assertThat(before).isNotEmpty();
            }
            awaitPolls(agent, 4);

            assertThat(linesOf(calls)).isEqualTo(before);
            assertThat(agent.stop()).isZero();
        }
    }

    /**
     * Waits until the agent has polled this number of times: its main thread has slept this number of times, and this
     * number of poll intervals has passed. The second condition is needed because the thread also sleeps for shorter
     * times, for other reasons.
     */
    private static void awaitPolls(NodeProcess agent, int polls) {
        long before = agent.mainThreadSleeps();
        long begun = System.nanoTime();
        long least = POLL.multipliedBy(polls).toNanos();
        Await.until(
                () -> agent.mainThreadSleeps() >= before + polls && System.nanoTime() - begun > least,
                START,
                agent::log);
    }

    /**
     * Waits until the agent has polled at least twice without calling a program. Returns the names of the programs that
     * it has called since its start, one for each call.
     */
    private static List<String> stillness(NodeProcess agent, Path calls) throws IOException {
        List<String> before = List.of("not yet known");
        List<String> now = linesOf(calls);
        while (!now.equals(before)) {
            awaitPolls(agent, 2);
            before = now;
            now = linesOf(calls);
        }
        return now;
    }

    private static List<String> linesOf(Path calls) throws IOException {
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    /** Writes a script that records its call and then runs the real program. */
    private static void record(Path programs, String name, Path calls) throws IOException {
        Path script = Files.writeString(
                programs.resolve(name),
                "#!/bin/sh\necho %s >>%s\nexec /usr/sbin/%s \"$@\"\n".formatted(name, calls, name));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /**
     * The kubelet uses one variant of iptables, and an earlier proxy left rules in the other variant. The agent finds
     * the kubelet's variant without an option, and uses it.
     */
    @ParameterizedTest
    @CsvSource({"IPTABLES_LEGACY, IPTABLES_NFT", "IPTABLES_NFT, IPTABLES_LEGACY"})
    void rulesAreInTheVariantThatTheNodeUsesAndNoneInTheOther(Way used, Way left) throws IOException {
        try (FileAgent agents = new FileAgent(used, folder)) {
            Kernel<?, ?> other = Kernel.open(left.mode(), agents.world().nodeRunner(), left.variant());
            other.bring(agents.plan(1));
            String program = used.variant().program(IpFamily.IPV4);
            run(agents, program, "-w", "-t", "mangle", "-N", "KUBE-KUBELET-CANARY");
            ManyEndpoints.host(agents.world(), ENDPOINTS);
            agents.show(ENDPOINTS);

            NodeProcess agent = agents.start(List.of());
            Plan plan = agents.plan(ENDPOINTS);
            Await.until(() -> agents.kernel().inStep(plan), START, agent::log);
            String removed = "rules that a proxy with " + left.variant().program(IpFamily.IPV4) + " had left";
            Await.until(() -> agent.count(removed) > 0, START, agent::log);

            assertThat(other.text()).doesNotContain("KUBE-S");
            assertThat(answered(agents)).isTrue();
            assertThat(agent.stop()).isZero();
        }
    }

    private static void run(FileAgent agents, String... words) {
        ProcessResult result = agents.world().nodeRunner().run(Command.of(words));
        assertThat(result.succeeded()).as(result.toString()).isTrue();
    }
}
