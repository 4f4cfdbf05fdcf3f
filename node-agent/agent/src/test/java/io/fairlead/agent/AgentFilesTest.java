package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests an agent that reads its objects from files. Except for Events, it must behave like an agent with an API server.
 */
@Timeout(60)
final class AgentFilesTest extends AgentFixture {
    private static final String OBJECTS = """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints: [{addresses: [10.244.1.5]}, {addresses: [10.244.1.6]}]
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void follow() {
        files = List.of(folder);
    }

    private void write(String text) throws IOException {
        Path fresh = Files.writeString(folder.resolve(".fresh"), text);
        Files.move(fresh, folder.resolve("objects.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void followsFilesAndServesTheSamePages() throws Exception {
        write(OBJECTS);
        start();
        await("both endpoints", () -> backend.rules().size() == 2);
        await("readiness", () -> readyz().equals("ok\n"));

        write(OBJECTS.replace("10.244.1.5", "10.244.1.7"));

        await("the new endpoint", () -> backend.rules().contains(LINE + "10.244.1.7:8080"));
        await("health", () -> healthzStatus() == 200);
        await("two changes of slices", () -> metric("kubeproxy_sync_proxy_rules_endpoint_changes_total") == 2);
        assertThat(metric("fairlead_conntrack_reconciler_waiting_seconds")).isFinite();
        assertThat(metric("fairlead_files_age_seconds")).isNotNegative().isFinite();
        assertThat(get(metrics, "/statusz").body())
                .contains("source          sources " + folder)
                .contains("objects         1 Services, 1 slices with 2 endpoints");
        assertThat(fake.requests()).as("no API server is asked").isEmpty();
    }

    /** Tests that the agent starts without a Node object in its files. It needs a Node object only for topology. */
    @Test
    void needsNoNodeObject() throws Exception {
        write(OBJECTS);
        start();

        await("rules", () -> backend.rules().size() == 2);
        await("health", () -> healthzStatus() == 200);
    }

    @Test
    void leavesOutAndCountsARefusedService() throws Exception {
        backend.refused.add(new ServiceName("default", "web"));
        write(OBJECTS
                + OBJECTS.replace("name: web", "name: other")
                        .replace("10.96.0.10", "10.96.0.11")
                        .indent(0)
                        .replaceFirst("^", "---\n"));
        start();

        await("the other Service", () -> !backend.rules().isEmpty());
        await("quarantine", () -> metric("fairlead_quarantined_services") == 1);
        assertThat(log.messages()).anyMatch(line -> line.startsWith("quarantine: Service default/web is left out"));
    }

    @Test
    void waitsForPathsThatCannotBeRead() throws Exception {
        files = List.of(folder.resolve("later"));
        start();
        await("a failure", () -> log.messages().stream().anyMatch(line -> line.startsWith("cannot read objects: ")));
        assertThat(readyz()).startsWith("waiting for the first complete list of objects from sources ");
        assertThat(backend.applied()).isZero();

        Path away = Files.createDirectory(folder.resolve("away"));
        Files.writeString(away.resolve("objects.yaml"), OBJECTS);
        Files.move(away, folder.resolve("later"));

        await("rules", () -> backend.rules().size() == 2);
    }

    @Test
    void comparesWithFilesInADryRun() throws Exception {
        write(OBJECTS);
        start("", true, NODE_PATIENCE);

        await("a comparison", () -> metric("fairlead_dry_run_lines{direction=\"add\"}") == 3);
        assertThat(get(metrics, "/diff").body()).contains("Service default/web:http/tcp");
        assertThat(backend.applied()).isZero();
    }
}
