package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.serve.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Tests the Events that the agent writes. */
@Timeout(60)
final class AgentEventsTest extends AgentFixture {

    /** Tests statements EVT-1 and EVT-4 of docs/behaviour.md. */
    @Test
    void reportsItsStartInAnEventOnTheNode() throws IOException, InterruptedException {
        webWithTwoEndpoints();
        start();
        await("the Event", () -> !events("Starting").isEmpty());

        JsonNode event = events("Starting").getFirst();
        assertThat(event.path("apiVersion").asString()).isEqualTo("events.k8s.io/v1");
        assertThat(event.path("type").asString()).isEqualTo("Normal");
        assertThat(event.path("action").asString()).isEqualTo("StartKubeProxy");
        assertThat(event.path("reportingController").asString()).isEqualTo("kube-proxy");
        assertThat(event.path("reportingInstance").asString()).isEqualTo("kube-proxy-node-a");
        assertThat(event.path("regarding").path("kind").asString()).isEqualTo("Node");
        assertThat(event.path("regarding").path("name").asString()).isEqualTo("node-a");
        assertThat(event.path("regarding").path("uid").asString()).isEqualTo("node-a");
    }

    /** Tests statements HTTP-11 and EVT-2 of docs/behaviour.md. */
    @Test
    void aUsedHealthPortEndsTheAgentAfterAnEventIfConfiguredSo() throws Exception {
        webWithTwoEndpoints();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            healthz = taken.getLocalPort();
            start("bindAddressHardFail: true\n", false, NODE_PATIENCE);

            assertThat(ended.get(20, TimeUnit.SECONDS))
                    .startsWith("BindFailedException: cannot serve healthz on 127.0.0.1:" + healthz + ": ");
        }
        assertThat(backend.applied()).isZero();
        JsonNode event = events("FailedToStartProxierHealthcheck").getFirst();
        assertThat(event.path("type").asString()).isEqualTo("Warning");
        assertThat(event.path("action").asString()).isEqualTo("StartKubeProxy");
        assertThat(event.path("note").asString()).contains(Integer.toString(healthz));
    }

    /** Tests statements HTTP-11 and EVT-2 of docs/behaviour.md. */
    @Test
    void aUsedMetricsPortIsReportedAndRulesAreWrittenOtherwise() throws Exception {
        webWithTwoEndpoints();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            metrics = taken.getLocalPort();
            start();
            await("rules", () -> backend.rules().size() == 2);
            await("the Event", () -> !events("FailedToStartMetricServer").isEmpty());
        }
        await("another try", () -> !Double.isNaN(metric("process_start_time_seconds")));
        assertThat(events("FailedToStartMetricServer")).hasSize(1);
    }

    @Test
    void aHealthCheckPortThatCannotBeServedIsReportedInAnEventOnItsService() throws IOException, InterruptedException {
        int port = FreePort.next();
        webWithTwoEndpoints();
        fake.put(localLoadBalancer("web", "10.96.0.10", port));
        start();
        await("rules", () -> backend.rules().size() == 2);
        // In nftables mode, node ports are served on the node's primary address. In this test, the machine does not
        // have this address (NP-7).
        await("the Event", () -> !events("FailedToStartServiceHealthcheck").isEmpty());

        JsonNode event = events("FailedToStartServiceHealthcheck").getFirst();
        assertThat(event.path("regarding").path("name").asString()).isEqualTo("web");
        assertThat(event.path("note").asString()).contains(Integer.toString(port));
    }
}
