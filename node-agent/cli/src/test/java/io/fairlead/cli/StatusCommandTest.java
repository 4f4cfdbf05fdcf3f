package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import io.fairlead.linux.node.NodeFacts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code fairlead status} with the pages of an agent. */
final class StatusCommandTest {
    private static final String STATUS = """
            node            node-1
            mode            nftables
            last round      2 changes in 12 ms (plan 3 ms, apply 9 ms)
            quarantine      shop/web: the kernel refused its rules
            error           Service shop/bad: spec.ports[0].port: not in 1 to 65535: 0
            """;

    @TempDir
    Path folder;

    private final Map<String, String> pages = new HashMap<>(Map.of(
            "http://127.0.0.1:10249/statusz",
            STATUS,
            "http://127.0.0.1:10249/readyz",
            "ok",
            "http://127.0.0.1:10249/metrics",
            """
            kubeproxy_sync_proxy_rules_last_timestamp_seconds{ip_family="IPv4"} 1.7E9
            kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds{ip_family="IPv4"} 1.6E9
            process_resident_memory_bytes 1.048576E8
            """));
    private Session session;

    @BeforeEach
    void prepare() {
        session = new Session(folder);
        session.facts = new NodeFacts() {
            @Override
            public Optional<String> file(String path) {
                return Optional.empty();
            }

            @Override
            public List<String> names(String folder) {
                return List.of();
            }

            @Override
            public Optional<String> link(String path) {
                return Optional.empty();
            }

            @Override
            public Optional<String> page(URI address) {
                return Optional.ofNullable(pages.get(address.toString()));
            }
        };
    }

    @Test
    void showsQuarantineAndMemory() {
        assertThat(session.run("status")).isEqualTo(1);
        assertThat(session.out)
                .startsWith("node            node-1\n")
                .contains("quarantine      shop/web: the kernel refused its rules\n")
                .contains("behind          0 s\n")
                .endsWith("memory          100 MiB\n");
    }

    @Test
    void anAgentThatIsReadyWithoutQuarantineIsGood() {
        pages.put("http://127.0.0.1:10249/statusz", "mode            iptables\n");
        assertThat(session.run("status")).isZero();
        pages.remove("http://127.0.0.1:10249/readyz");
        assertThat(session.run("status")).isEqualTo(1);
        assertThat(session.out).startsWith("the agent is not ready\n");
    }

    @Test
    void printsJson() {
        session.run("status", "-o", "json");

        Map<?, ?> tree = Json.read(session.out, Map.class);
        assertThat(tree.get("ready")).isEqualTo(true);
        assertThat(tree.get("quarantine"))
                .isEqualTo(List.of(Map.of("service", "shop/web", "reason", "the kernel refused its rules")));
        assertThat(tree.get("problems"))
                .isEqualTo(List.of(Map.of(
                        "severity", "error", "text", "Service shop/bad: spec.ports[0].port: not in 1 to 65535: 0")));
        assertThat(tree.get("residentBytes")).isEqualTo(104_857_600);
    }

    @Test
    void theJsonHasTheFormOfItsSchema() throws IOException {
        session.run("status", "-o", "json");

        assertThat(SchemaTest.schema("status").validate(session.out, InputFormat.JSON))
                .isEmpty();
    }

    @Test
    void aChangeThatWaitsShowsForHowLong() {
        pages.computeIfPresent("http://127.0.0.1:10249/metrics", (_, text) -> text.replace("1.6E9", "1.7000001E9"));

        session.run("status", "-o", "json");
        assertThat((int) Json.read(session.out, Map.class).get("behindSeconds")).isPositive();
    }

    @Test
    void reportsThatNoAgentAnswers() {
        assertThat(session.run("status", "--server", "127.0.0.1:20249")).isEqualTo(ExitCode.KERNEL);
        assertThat(session.err)
                .contains("no agent of Fairlead answers at http://127.0.0.1:20249/statusz")
                .contains("--server");
        assertThat(session.run("status", "--server", "not an address")).isEqualTo(ExitCode.USAGE);
    }
}
