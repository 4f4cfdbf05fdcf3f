package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fairlead.cluster.watch.Samples;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the answers of the pages /healthz and /livez of the agent. */
@Timeout(60)
final class AgentHealthTest extends AgentFixture {

    @Test
    void aMissingNodeIsNotEligible() throws IOException, InterruptedException {
        start();
        await("the first view", () -> healthzStatus() == 503);
        assertThat(get(healthz, "/livez").statusCode()).isEqualTo(200);

        fake.put(Samples.node("node-a", "zone-1"));

        await("the Node", () -> healthzStatus() == 200);
    }

    /** Tests statement HTTP-6 of docs/behaviour.md. */
    @Test
    void aDeletedNodeIsNotEligible() throws Exception {
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.rules().size() == 2);
        await("health", () -> healthzStatus() == 200);

        fake.put(new NodeBuilder(Samples.node("node-a", "zone-1"))
                .editSpec()
                .addNewTaint()
                .withKey("ToBeDeletedByClusterAutoscaler")
                .withEffect("NoSchedule")
                .endTaint()
                .endSpec()
                .build());
        await("the taint", () -> healthzStatus() == 503);
        fake.put(Samples.node("node-a", "zone-1"));
        await("health", () -> healthzStatus() == 200);
        fake.put(new NodeBuilder(Samples.node("node-a", "zone-1"))
                .editMetadata()
                .withDeletionTimestamp("2026-11-24T10:00:00Z")
                .endMetadata()
                .build());
        await("the deletion", () -> healthzStatus() == 503);
        fake.put(Samples.node("node-a", "zone-1"));
        await("health", () -> healthzStatus() == 200);
        fake.delete(Samples.node("node-a", "zone-1"));
        await("the end", () -> healthzStatus() == 503);

        assertThat(get(healthz, "/livez").statusCode()).isEqualTo(200);
        assertThat(backend.rules()).as("rules stay").hasSize(2);
    }

    /** Tests statement HTTP-1 of docs/behaviour.md. */
    @Test
    void servesNoOtherPageOnTheHealthPort() throws Exception {
        webWithTwoEndpoints();
        start("enableProfiling: true\n", false, NODE_PATIENCE);
        await("rules", () -> backend.rules().size() == 2);

        for (String path : List.of("/", "/metrics", "/readyz", "/statusz", "/configz", "/debug/pprof/")) {
            assertThat(get(healthz, path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(get(metrics, "/debug/pprof/goroutine").body()).contains("AgentLoop");
        assertThat(get(metrics, "/flagz").statusCode()).isEqualTo(200);
    }

    /** Tests statement CFG-16 of docs/behaviour.md. */
    @Test
    void doesNotServePagesWhoseGateIsOff() throws Exception {
        webWithTwoEndpoints();
        start("featureGates: {ComponentFlagz: false, ComponentStatusz: false}\n", false, NODE_PATIENCE);
        await("rules", () -> backend.rules().size() == 2);

        assertThat(get(metrics, "/flagz").statusCode()).isEqualTo(404);
        assertThat(get(metrics, "/statusz").statusCode()).isEqualTo(404);
        assertThat(get(metrics, "/proxyMode").statusCode()).isEqualTo(200);
    }
}
