package io.fairlead.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.IpFamily;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.ManyEndpoints;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.linux.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the page of {@code --ui} of a running agent. Requests are sent in the node's network namespace. */
@NeedsRoot
@Timeout(480)
final class PageTest {
    private static final Duration START = Duration.ofMinutes(2);
    private static final String TOKEN = "0123456789abcdef";

    /** Prints the status and the body of an answer. The second argument is the header Authorization, or "". */
    private static final String GET = """
            import sys, urllib.request, urllib.error
            request = urllib.request.Request(sys.argv[1], headers={"Authorization": sys.argv[2]} if sys.argv[2] else {})
            try:
                answer = urllib.request.urlopen(request, timeout=30)
            except urllib.error.HTTPError as e:
                answer = e
            except OSError as e:
                print(e)
                sys.exit()
            print(answer.status)
            print(answer.read().decode())
            """;

    @TempDir
    Path folder;

    private static String get(FileAgent agents, String path, String authorization) {
        return agents.world()
                .nodeRunner()
                .run(Command.of("python3", "-c", GET, "http://127.0.0.1:10249" + path, authorization))
                .output();
    }

    private static void awaitRules(NodeProcess agent) {
        Await.until(() -> agent.count(" applied: ") > 0, START, agent::log);
    }

    @ParameterizedTest
    @EnumSource(names = {"NFTABLES", "IPTABLES_NFT"})
    void showsServicesRulesChangesTracesAndVerification(Way way) throws IOException {
        try (FileAgent agents = new FileAgent(way, folder)) {
            agents.show(2);
            NodeProcess agent = agents.start(way.environment(), "--ui");
            awaitRules(agent);
            Flow flow = agents.flow(IpFamily.IPV4);

            assertThat(get(agents, "/ui", ""))
                    .as(agent.log())
                    .startsWith("200\n")
                    .contains("1 of 1 Services", "name=many", flow.to() + ":" + flow.port() + "/udp");
            assertThat(get(agents, "/ui/service?namespace=default&name=many", ""))
                    .contains("sent to one of 2 endpoints", "KUBE-SVC-", "map udp-endpoints");
            assertThat(get(
                            agents,
                            "/ui/trace?protocol=udp&from=" + flow.from() + "&to=" + flow.to() + "&port=" + flow.port(),
                            ""))
                    .contains("as the objects require", "2 ways", "50.0 %", "hook prerouting");
            assertThat(get(agents, "/ui/verify?run=yes&service=default/many", ""))
                    .contains("all as the objects require");
            assertThat(get(agents, "/ui/status", "")).contains("last round", "Quarantine (0)");

            agents.show(3);
            Await.until(() -> agent.count(" applied: ") > 1, START, agent::log);
            assertThat(get(agents, "/ui/changes", ""))
                    .contains(
                            "Service default/many",
                            ManyEndpoints.endpoint(IpFamily.IPV4, 2).ip().text());
            assertThat(agent.stop()).isZero();
        }
    }

    /** The rules of another program count too: the page names the rule, and does not show the packet as delivered. */
    @Test
    void namesARuleOfAnotherProgramThatDropsThePacket() throws IOException {
        try (FileAgent agents = new FileAgent(Way.NFTABLES, folder)) {
            agents.show(1);
            NodeProcess agent = agents.start(Way.NFTABLES.environment(), "--ui");
            awaitRules(agent);
            agents.world()
                    .nodeRunner()
                    .run(Command.of("nft", "-f", "-")
                            .withInput("table ip blocker {\n chain c {\n  type filter hook prerouting priority -300;\n"
                                    + "  udp dport "
                                    + agents.flow(IpFamily.IPV4).port() + " drop\n }\n}\n"));
            Flow flow = agents.flow(IpFamily.IPV4);

            assertThat(get(
                            agents,
                            "/ui/trace?protocol=udp&from=" + flow.from() + "&to=" + flow.to() + "&port=" + flow.port(),
                            ""))
                    .contains("The rules: dropped", "ip blocker c");
            assertThat(get(agents, "/ui/verify?run=yes", "")).contains("wrong outcomes have", "ip blocker c");
            assertThat(agent.stop()).isZero();
        }
    }

    @Test
    void beyondLoopbackItNeedsTheToken() throws IOException {
        try (FileAgent agents = new FileAgent(Way.NFTABLES, folder)) {
            agents.show(1);
            Path token = Files.writeString(folder.resolve("token"), TOKEN);
            NodeProcess agent = agents.start(
                    Way.NFTABLES.environment(),
                    "--ui",
                    "--ui-token-file=" + token,
                    "--metrics-bind-address=0.0.0.0:10249");
            awaitRules(agent);

            assertThat(get(agents, "/ui", "")).startsWith("401\n").doesNotContain("many");
            assertThat(get(agents, "/ui/service?namespace=default&name=many", "Bearer wrong"))
                    .startsWith("401\n");
            assertThat(get(agents, "/ui", "Bearer " + TOKEN))
                    .startsWith("200\n")
                    .contains("name=many");
            assertThat(get(agents, "/metrics", "")).as("not part of the page").startsWith("200\n");
            Files.delete(token);
            assertThat(get(agents, "/ui", "Bearer " + TOKEN)).startsWith("401\n");
            assertThat(agent.stop()).isZero();
        }
    }
}
