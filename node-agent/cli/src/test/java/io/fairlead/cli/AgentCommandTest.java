package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.serve.FreePort;
import io.fairlead.core.cluster.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class AgentCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Session session;
    private Thread thread;
    private FutureTask<Integer> running;

    @BeforeEach
    void prepare() {
        session = new Session(folder);
    }

    @AfterEach
    void end() throws InterruptedException {
        thread.interrupt();
        thread.join(PATIENCE);
    }

    private static String objects(String name, String clusterIp, String endpoint) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s}
                spec: {clusterIP: %2$s, ports: [{port: 80}]}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: %1$s-1, labels: {kubernetes.io/service-name: %1$s}}
                addressType: IPv4
                ports: [{name: '', port: 8080}]
                endpoints: [{addresses: [%3$s]}]
                """.formatted(name, clusterIp, endpoint);
    }

    /** Replaces a file atomically. */
    private void write(String name, String text) throws IOException {
        Path fresh = Files.writeString(folder.resolve("." + name), text);
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void start(String... more) {
        // With another network namespace, the agent does not change the sysctls of this machine.
        List<String> words = new ArrayList<>(List.of("agent", "--source", folder.toString(), "--netns", "agent-none"));
        words.addAll(List.of(more));
        if (!words.contains("--config")) {
            words.addAll(List.of("--healthz-bind-address=", "--metrics-bind-address="));
        }
        running = new FutureTask<>(() -> session.run(words.toArray(String[]::new)));
        thread = Thread.ofPlatform().start(running);
    }

    private int stop() throws InterruptedException, ExecutionException, TimeoutException {
        thread.interrupt();
        return running.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void await(String... lines) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        List<String> wanted = List.of(lines);
        while (!kernel().equals(wanted) && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertThat(kernel()).isEqualTo(wanted);
    }

    private List<String> kernel() {
        return session.nft().lines().filter(line -> !line.startsWith("base")).toList();
    }

    /** Tests statement CFG-16 of docs/behaviour.md. */
    @Test
    void usesTheProgramNftIfTheGateOfNetlinkIsOff() throws Exception {
        write("a.yaml", objects("a", "10.96.0.1", "10.0.0.1"));
        start("--proxy-mode", "nftables", "--feature-gates", "NFTablesNetlink=false");
        await("cluster IP 10.96.0.1:80 -> 10.0.0.1:8080");

        assertThat(stop()).isZero();
        assertThat(session.err).as("the library is not tried").doesNotContain("instead of the library");
    }

    @Test
    void followsFilesAndKeepsTheRulesWhenItStops() throws Exception {
        write("a.yaml", objects("a", "10.96.0.1", "10.0.0.1"));
        start("--proxy-mode", "nftables");
        await("cluster IP 10.96.0.1:80 -> 10.0.0.1:8080");

        write("a.yaml", objects("a", "10.96.0.1", "10.0.0.2"));
        write("b.yaml", objects("b", "10.96.0.2", "10.0.0.3"));
        await("cluster IP 10.96.0.1:80 -> 10.0.0.2:8080", "cluster IP 10.96.0.2:80 -> 10.0.0.3:8080");

        Files.delete(folder.resolve("b.yaml"));
        await("cluster IP 10.96.0.1:80 -> 10.0.0.2:8080");

        assertThat(stop()).isZero();
        assertThat(kernel()).hasSize(1);
        assertThat(session.err)
                .contains("started: nftables, node host-1")
                .contains("applied: +2 -0 lines; Service default/a (plan ")
                .contains("stopped; rules are kept");
    }

    @Test
    void aHalfWrittenFileRemovesNoRules() throws Exception {
        write("a.yaml", objects("a", "10.96.0.1", "10.0.0.1"));
        start("--proxy-mode", "nftables");
        await("cluster IP 10.96.0.1:80 -> 10.0.0.1:8080");

        write("a.yaml", "kind: [Serv");
        write("b.yaml", objects("b", "10.96.0.2", "10.0.0.2"));
        await("cluster IP 10.96.0.1:80 -> 10.0.0.1:8080", "cluster IP 10.96.0.2:80 -> 10.0.0.2:8080");

        assertThat(stop()).isZero();
        assertThat(session.err)
                .containsPattern("(?m)^E\\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d{6} +\\d+ agent] .*a.yaml.*not YAML, line ");
    }

    @Test
    void namesTheServiceInQuarantineOnceAndServesTheOthers() throws Exception {
        session.nft().refused.add(new ServiceName("default", "a"));
        write("a.yaml", objects("a", "10.96.0.1", "10.0.0.1"));
        write("b.yaml", objects("b", "10.96.0.2", "10.0.0.2"));
        start("--proxy-mode", "nftables");
        await("cluster IP 10.96.0.2:80 -> 10.0.0.2:8080");

        assertThat(stop()).isZero();
        assertThat(session.err.lines().filter(line -> line.contains("quarantine: Service default/a")))
                .hasSize(1);
    }

    @Test
    void ignoresTheModeFlagWithAConfigurationFile() throws Exception {
        write("a.yaml", objects("a", "10.96.0.1", "10.0.0.1"));
        Path config = Files.writeString(
                folder.resolve("config"),
                "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: nftables\n"
                        + "healthzBindAddress: 127.0.0.1:%d\nmetricsBindAddress: 127.0.0.1:%d\n"
                                .formatted(FreePort.next(), FreePort.next()));
        start("--proxy-mode", "iptables", "--config", config.toString());
        await("cluster IP 10.96.0.1:80 -> 10.0.0.1:8080");

        assertThat(stop()).isZero();
        assertThat(session.err).contains("--proxy-mode is ignored");
    }
}
