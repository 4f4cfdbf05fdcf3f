package io.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.ControlPlane;
import io.fairlead.e2e.fixtures.NeedsKubernetes;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.e2e.fixtures.RealCluster;
import io.fairlead.lab.Answer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests an agent whose version of the objects is older than the API server's history. The server answers 410 Gone, and
 * the agent must list all objects again.
 */
@NeedsRoot
@NeedsKubernetes({"kube-apiserver", "etcd"})
@Timeout(240)
final class StaleVersionTest {
    private static final String WEB = "10.96.7.1:80";
    private static final String KEPT = "10.96.7.2:80";
    private static final Duration LATER = Duration.ofSeconds(60);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void whatChangedBeyondTheHistoryIsFoundByAList() {
        try (RealCluster cluster = new RealCluster(folder)) {
            ControlPlane plane = cluster.plane();
            cluster.service("web", "10.96.7.1");
            cluster.slice("web", "10.244.1.11");
            cluster.service("kept", "10.96.7.2");
            cluster.slice("kept", "10.244.2.11");
            NodeProcess agent = cluster.fairlead(ProxyMode.NFTABLES, ControlPlane.ADMINISTRATOR);
            Await.until(() -> cluster.answers(WEB, "pod-1") && cluster.answers(KEPT, "node-b"), LATER, agent::log);
            long before = lists(plane);
            String watch = watch(plane);

            agent.pause();
            plane.killApiServer();
            plane.restartApiServer();
            cluster.deleteService("web");
            cluster.deleteSlice("web");
            cluster.service("new", "10.96.7.3");
            cluster.slice("new", "10.244.1.12");
            plane.compact();
            // The restart also removes older versions from the server's own cache.
            plane.killApiServer();
            plane.restartApiServer();
            assertThat(plane.get(watch)).as("the answer to the agent's watch").contains("\"code\":410");
            assertThat(cluster.ask(KEPT))
                    .as("the Service is served while the agent is stopped")
                    .isInstanceOf(Answer.Answered.class);
            agent.goOn();

            Await.until(() -> cluster.answers("10.96.7.3:80", "pod-2"), LATER, agent::log);
            Await.until(() -> !cluster.answers(WEB, "pod-1"), LATER, agent::log);
            assertThat(cluster.answers(KEPT, "node-b")).isTrue();
            assertThat(lists(plane)).as("lists of EndpointSlices").isGreaterThan(before);
            assertThat(agent.stop()).isZero();
        }
    }

    /** Returns the URI of the agent's last watch of slices, with the version from which it started. */
    private static String watch(ControlPlane plane) {
        return plane.askedBy("administrator").stream()
                .filter(asked -> asked.sentence().equals("watch discovery.k8s.io/endpointslices"))
                .reduce((_, last) -> last)
                .orElseThrow()
                .uri();
    }

    private static long lists(ControlPlane plane) {
        return plane.askedBy("administrator").stream()
                .filter(asked -> asked.sentence().equals("list discovery.k8s.io/endpointslices"))
                .count();
    }
}
