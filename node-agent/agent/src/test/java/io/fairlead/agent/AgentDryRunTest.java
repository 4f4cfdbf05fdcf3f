package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.serve.FreePort;
import io.fairlead.agent.sysctl.NodeSetup;
import io.fairlead.core.plan.ProxyMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests an agent in dry-run mode. */
@Timeout(60)
final class AgentDryRunTest extends AgentFixture {

    @Test
    void aDryRunWritesNothingAndReportsTheDifferences() throws Exception {
        webWithTwoEndpoints();
        fake.put(localLoadBalancer("lb", "10.96.0.12", FreePort.next()));
        AtomicBoolean removed = new AtomicBoolean();
        removeLeftovers = () -> removed.set(true);
        start("", true, NODE_PATIENCE);

        await("a look", () -> log.messages().stream().anyMatch(line -> line.startsWith("dry run: ")));
        await("metrics", () -> metric("fairlead_dry_run_services{state=\"different\"}") == 2);

        assertThat(get(metrics, "/diff").body())
                .contains("compared at ")
                .contains("Service default/web:http/tcp\n  different cluster IP 10.96.0.10:80");
        assertThat(get(metrics, "/readyz").statusCode()).isEqualTo(200);
        assertThat(get(healthz, "/healthz").statusCode()).isEqualTo(200);
        assertThat(metric("fairlead_dry_run_lines{direction=\"add\"}")).isEqualTo(3);
        agent.close();
        assertThat(ended.get(20, TimeUnit.SECONDS)).isEqualTo("stopped");
        assertThat(backend.applied()).isZero();
        assertThat(backend.kernel).isEmpty();
        assertThat(fake.created()).as("no Event").isEmpty();
        assertThat(removed).as("leftovers of the other mode").isFalse();
    }

    @Test
    void aDryRunSetsNoSysctl(@TempDir Path root) throws Exception {
        mode = ProxyMode.IPTABLES;
        NodePreparationTest.kernel(root);
        node = new NodeSetup(root);
        webWithTwoEndpoints();
        start("", true, NODE_PATIENCE);
        await("a look", () -> log.messages().stream().anyMatch(line -> line.startsWith("dry run: ")));

        assertThat(Files.readString(root.resolve("proc/sys/net/ipv4/conf/all/route_localnet")))
                .isEqualTo("0\n");
        assertThat(Files.readString(root.resolve("proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close_wait")))
                .isEqualTo("60\n");
        assertThat(Files.readString(root.resolve("proc/self/oom_score_adj"))).isEqualTo("0\n");
    }
}
