package io.fairlead.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.Plan;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.ManyEndpoints;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.lab.Answer;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that clients of a Service with ClientIP affinity keep their endpoint when an agent ends, when another starts,
 * when that agent has another layout of rules, and when the command {@code apply} writes rules. The clients are pods
 * and connect in both families. A client without affinity reaches the same endpoint {@value #ASKED} times with a
 * probability of 1 in 8^{@value #ASKED}.
 */
@NeedsRoot
@Timeout(300)
final class RememberedClientsTest {
    private static final int ENDPOINTS = 8;
    private static final int MORE = ENDPOINTS + 2;
    private static final int ASKED = 8;
    private static final int HOURS = 10_800;
    private static final int MINUTES = 300;
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A map of clients in the output of {@code nft -a list ruleset}, with its handle. */
    private static final Pattern MAP = Pattern.compile("map aff\\S+ \\{ # handle \\d+");

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"NFTABLES", "IPTABLES_NFT"})
    void keepTheirEndpointWhenAnAgentEndsAndAnotherStarts(Way way) throws IOException {
        try (FileAgent agents = new FileAgent(way, folder)) {
            ManyEndpoints.host(agents.world(), MORE);
            NodeProcess agent = startWith(agents, ENDPOINTS);
            Map<IpFamily, IpPort> first = ask(agents);

            assertThat(agent.stop()).isZero();
            assertKept(agents, first, "after the agent ended");

            agent = startWith(agents, MORE);
            assertKept(agents, first, "after a start with more endpoints");

            agent.kill();
            agent = startWith(agents, ENDPOINTS);
            assertKept(agents, first, "after a kill and a start");
            assertThat(agent.stop()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NFTABLES", "IPTABLES_NFT"})
    void keepTheirEndpointOverApply(Way way) throws IOException {
        try (FileAgent agents = new FileAgent(way, folder)) {
            ManyEndpoints.host(agents.world(), MORE);
            agents.show(ENDPOINTS, HOURS);
            agents.apply();
            Map<IpFamily, IpPort> first = ask(agents);

            for (int endpoints : List.of(ENDPOINTS, MORE)) {
                agents.show(endpoints, HOURS);
                agents.apply();
                assertKept(agents, first, "after apply with " + endpoints + " endpoints");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NFTABLES", "IPTABLES_NFT"})
    void keepTheirEndpointWhenTheTimeOfAffinityChanges(Way way) throws IOException {
        try (FileAgent agents = new FileAgent(way, folder)) {
            ManyEndpoints.host(agents.world(), ENDPOINTS);
            NodeProcess agent = startWith(agents, ENDPOINTS);
            Map<IpFamily, IpPort> first = ask(agents);
            List<String> maps = maps(agents);

            agents.show(ENDPOINTS, MINUTES);
            awaitRules(agents, agent, agents.plan(ENDPOINTS, MINUTES));

            assertKept(agents, first, "after a change of timeoutSeconds");
            assertThat(maps(agents)).as("maps, with their handles").isEqualTo(maps);
            String rules = agents.kernel().text();
            switch (way.mode()) {
                case NFTABLES -> {
                    assertThat(maps).as("one map for IPv4, two for IPv6").hasSize(3);
                    assertThat(rules).contains("timeout 300s").doesNotContain("timeout 10800s");
                }
                case IPTABLES -> assertThat(rules).contains("--seconds 300").doesNotContain("--seconds 10800");
            }
            assertThat(agent.stop()).isZero();
        }
    }

    /** The files contain the rules that earlier versions wrote for the same objects. */
    @ParameterizedTest
    @CsvSource({"NFTABLES, first", "NFTABLES, second", "IPTABLES_NFT, first"})
    void keepTheirEndpointOverAnUpgrade(Way way, String layout) throws IOException {
        try (FileAgent agents = new FileAgent(way, folder)) {
            ManyEndpoints.host(agents.world(), ENDPOINTS);
            switch (way.mode()) {
                case NFTABLES -> load(agents, layout + ".nft", "nft", "-f", "-");
                case IPTABLES -> {
                    load(agents, layout + ".iptables", "iptables-nft-restore");
                    load(agents, layout + ".ip6tables", "ip6tables-nft-restore");
                }
            }
            Map<IpFamily, IpPort> first = ask(agents);
            assertKept(agents, first, "by the rules of the earlier version");

            NodeProcess agent = startWith(agents, ENDPOINTS);

            assertKept(agents, first, "after an upgrade");
            assertThat(agent.stop()).isZero();
        }
    }

    private static void load(FileAgent agents, String file, String... words) throws IOException {
        try (InputStream rules =
                Objects.requireNonNull(RememberedClientsTest.class.getResourceAsStream("layouts/" + file), file)) {
            run(agents, Command.of(words).withInput(new String(rules.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }

    private static NodeProcess startWith(FileAgent agents, int endpoints) throws IOException {
        agents.show(endpoints, HOURS);
        Files.deleteIfExists(agents.log());
        NodeProcess agent = agents.start();
        // The rules may be correct before the agent has started, so wait for its log first.
        Await.until(() -> agent.count("started: ") > 0, START, agent::log);
        awaitRules(agents, agent, agents.plan(endpoints, HOURS));
        return agent;
    }

    private static void awaitRules(FileAgent agents, NodeProcess agent, Plan plan) {
        Await.until(() -> agents.kernel().inStep(plan), START, agent::log);
    }

    /** Returns the endpoint that the client reaches in each family. */
    private static Map<IpFamily, IpPort> ask(FileAgent agents) {
        Map<IpFamily, IpPort> reached = new EnumMap<>(IpFamily.class);
        for (IpFamily family : IpFamily.values()) {
            Flow flow = agents.flow(family);
            Answer answer = agents.world()
                    .visitor()
                    .ask(flow.protocol(), flow.from(), new IpPort(flow.to(), flow.port()), PATIENCE);
            assertThat(answer)
                    .isInstanceOfSatisfying(Answer.Answered.class, answered -> reached.put(family, answered.at()));
        }
        return reached;
    }

    private static void assertKept(FileAgent agents, Map<IpFamily, IpPort> first, String when) {
        for (int i = 0; i < ASKED; i++) {
            assertThat(ask(agents)).as(when).isEqualTo(first);
        }
    }

    /** Returns the maps of clients in nftables, with their handles; nothing in iptables mode. */
    private static List<String> maps(FileAgent agents) {
        return MAP.matcher(run(agents, Command.of("nft", "-a", "list", "ruleset")))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    private static String run(FileAgent agents, Command command) {
        ProcessResult result = agents.world().nodeRunner().run(command);
        assertThat(result.succeeded()).as(result.toString()).isTrue();
        return result.output();
    }
}
