package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.agent.serve.FreePort;
import io.fairlead.cluster.watch.Samples;
import io.fairlead.core.plan.ProxyMode;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Tests the health check node ports of Services. */
@Timeout(60)
final class AgentHealthChecksTest extends AgentFixture {

    /** Tests statements LBF-10, LBF-19 and LBF-20 of docs/behaviour.md. */
    @Test
    void servesHealthCheckNodePortsOnTheChosenAddressesAfterSuccessfulSyncs() throws Exception {
        mode = ProxyMode.IPTABLES;
        interfaces.set(0, "127.0.0.1");
        int port = FreePort.next();
        webWithTwoEndpoints();
        fake.put(localLoadBalancer("web", "10.96.0.10", port));
        start("nodePortAddresses: [127.0.0.0/8]\n", false, NODE_PATIENCE);
        await("the port", () -> weight(port).equals("2"));
        assertThatThrownBy(() -> new Socket("127.0.0.2", port)).isInstanceOf(ConnectException.class);

        backend.refusing = true;
        fake.put(Samples.slice("web", "web-1"));
        await("a refusal", () -> log.messages().stream().anyMatch(line -> line.contains("refused by the test")));
        assertThat(weight(port)).as("the rules still lead here").isEqualTo("2");

        backend.refusing = false;
        await("no endpoint here", () -> weight(port).equals("0"));
        assertThat(get(port, "/").statusCode()).isEqualTo(503);
    }

    /**
     * Tests that the port is served even if the node's addresses cannot be listed, because load balancers need it
     * (LBF-10).
     */
    @Test
    void servesHealthCheckNodePortsOnAllAddressesIfNoneCanBeListed() throws Exception {
        mode = ProxyMode.IPTABLES;
        interfaces.set(0, "no address");
        int port = FreePort.next();
        webWithTwoEndpoints();
        fake.put(localLoadBalancer("web", "10.96.0.10", port));

        start("nodePortAddresses: [192.168.0.0/16]\n", false, NODE_PATIENCE);

        await("the port", () -> weight(port).equals("2"));
    }

    /** Tests statements LBF-18 and EVT-3 of docs/behaviour.md. */
    @Test
    @SuppressWarnings("try") // the port is released inside the block
    void reportsAUsedHealthCheckPortInAnEventAndRetries() throws Exception {
        mode = ProxyMode.IPTABLES;
        webWithTwoEndpoints();
        try (ServerSocket taken = new ServerSocket(0)) {
            fake.put(localLoadBalancer("web", "10.96.0.10", taken.getLocalPort()));
            start();
            await("the Event", () -> !events("FailedToStartServiceHealthcheck").isEmpty());
            JsonNode event = events("FailedToStartServiceHealthcheck").getFirst();
            assertThat(event.path("type").asString()).isEqualTo("Warning");
            assertThat(event.path("action").asString()).isEqualTo("Listen");
            assertThat(event.path("metadata").path("namespace").asString()).isEqualTo("default");
            assertThat(event.path("regarding").path("kind").asString()).isEqualTo("Service");
            assertThat(event.path("regarding").path("name").asString()).isEqualTo("web");
            taken.close();

            fake.put(Samples.slice("web", "web-2", "10.244.1.7"));

            await("the port", () -> weight(taken.getLocalPort()).equals("3"));
        }
        assertThat(events("FailedToStartServiceHealthcheck")).hasSize(1);
    }
}
