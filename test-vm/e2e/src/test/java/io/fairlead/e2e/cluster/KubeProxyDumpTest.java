package io.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.ControlPlane;
import io.fairlead.e2e.fixtures.NeedsKubernetes;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.e2e.fixtures.RealCluster;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that a dump of a node gives the same answers as its kernel, with the rules of a real kube-proxy and a rule of
 * another program that drops packets.
 */
@NeedsRoot
@NeedsKubernetes({"kube-apiserver", "etcd", "kube-proxy"})
@Timeout(480)
final class KubeProxyDumpTest {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(2);
    private static final String FOREIGN = """
            table inet others {
            	chain f {
            		type filter hook forward priority 0; policy accept;
            		ip daddr 10.244.0.0/16 drop
            	}
            }
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private int runs;

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void aDumpGivesTheAnswersOfItsKernel(ProxyMode mode) throws IOException {
        try (RealCluster cluster = new RealCluster(folder)) {
            cluster.service("plain", "10.96.7.1");
            cluster.slice("plain", "10.244.1.11", "10.244.1.12");
            cluster.service("sticky", "10.96.7.2");
            cluster.patchService("sticky", "{\"spec\": {\"sessionAffinity\": \"ClientIP\"}}");
            cluster.slice("sticky", "10.244.1.11");
            cluster.service("last", "10.96.7.9");
            cluster.slice("last", "10.244.1.11", "10.244.1.12");
            NodeProcess kubeProxy = cluster.kubeProxy(mode);
            Await.until(() -> cluster.answers("10.96.7.9:80", "pod-1", "pod-2"), START, kubeProxy::log);
            String node = cluster.world().node().namespace();
            nft(node, FOREIGN);

            Path bundle = folder.resolve("node-a.tar.gz");
            assertThat(run(cluster, 0, "dump", "--output=" + bundle)).contains("Wrote ");
            compare(cluster, bundle, config(mode), "verify");
            compare(cluster, bundle, config(mode), "why", "--from=10.244.1.11", "--to=default/plain");
            doctor(cluster, bundle, mode);
        }
    }

    private static void nft(String namespace, String rules) {
        ProcessResult result = new ExecProcessRunner()
                .inNamespace(namespace)
                .run(Command.of("nft", "-f", "-").withInput(rules));
        assertThat(result.succeeded()).as(result.error()).isTrue();
    }

    private Path config(ProxyMode mode) throws IOException {
        return Files.writeString(folder.resolve("config.yaml"), """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                mode: %s
                clusterCIDR: 10.244.0.0/16
                """.formatted(mode.text()));
    }

    private void compare(RealCluster cluster, Path bundle, Path config, String command, String... more)
            throws IOException {
        List<String> words = new ArrayList<>(List.of(
                command,
                "--kubeconfig=" + cluster.plane().kubeconfig(ControlPlane.ADMINISTRATOR),
                "--node-name=node-a",
                "--config=" + config));
        words.addAll(Arrays.asList(more));
        String live = run(cluster, 1, words.toArray(String[]::new));
        words.add("--rules=" + bundle);
        String dumped = run(cluster, 1, words.toArray(String[]::new));

        assertThat(live).contains("inet others f").contains("drop");
        assertThat(dumped).isEqualTo(live);
    }

    /**
     * Runs {@code fairlead doctor} on the node and with its bundle. The features are tried in other namespaces, so the
     * rules of the node stay as they are.
     */
    private void doctor(RealCluster cluster, Path bundle, ProxyMode mode) throws IOException {
        String live = run(cluster, -1, "doctor", "--proxy-mode=" + mode.text());
        assertThat(live)
                .matches("(?s).*(Nothing is wrong|note|warning|error).*")
                .doesNotContain("features of the kernel were not tried")
                .doesNotContain("syntax error")
                .doesNotContain("nknown option")
                .doesNotContain("[other-writers]")
                .doesNotContain("[leftover-mode]");
        run(cluster, -1, "doctor", "--proxy-mode=" + mode.text(), "--rules=" + bundle);
        run(cluster, -1, "doctor", "--proxy-mode=" + mode.text(), "--migrate-to=nftables", "--rules=" + bundle);
    }

    /**
     * Runs a command in the namespace of the node and returns its output without warnings and notes.
     *
     * @param status the expected exit status; -1 for 0 or 1
     */
    private String run(RealCluster cluster, int status, String... words) throws IOException {
        NodeProcess process = NodeProcess.fairlead(
                cluster.world().node().namespace(), folder.resolve("run-" + ++runs + ".log"), List.of(words));
        Await.until(() -> !process.isAlive(), RUN, process::log);
        int ended = process.stop();
        assertThat(ended)
                .as(String.join(" ", words) + "\n" + process.log())
                .isIn(status < 0 ? List.of(0, 1) : List.of(status));
        return String.join(
                "\n",
                process.log()
                        .lines()
                        .filter(line -> !line.startsWith("warning:") && !line.startsWith("note:"))
                        .toList());
    }
}
