package io.fairlead.e2e.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.ControlPlane;
import io.fairlead.e2e.fixtures.Image;
import io.fairlead.e2e.fixtures.NeedsKubernetes;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.RealCluster;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the steps of an operator with the overlays of deploy/. The real kubectl builds an overlay, and a real API
 * server accepts it. Docker then runs its pods as the kubelet would, with the service account, configuration, rights
 * and command line that the API server returns.
 */
@NeedsRoot
@NeedsDocker
@NeedsKubernetes({"kube-apiserver", "etcd", "kubectl"})
@Timeout(240)
final class OverlayTest {
    private static final Path OVERLAYS = Path.of("../../deploy/overlays");
    private static final String WEB = "10.96.7.1:80";
    private static final Pattern MISSING = Pattern.compile("missing +cluster IP " + Pattern.quote(WEB)
            + ", packet .*\n +expected: sent to " + Pattern.quote("10.244.1.11:8080"));
    private static final Duration LATER = Duration.ofSeconds(30);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @BeforeAll
    static void load() {
        Image.load();
    }

    @Test
    void overlaysAreTakenByTheApiServerAndDoWhatTheySay() throws IOException, InterruptedException {
        try (PodOnDocker first = new PodOnDocker(daemonSet(built("beside-kube-proxy")));
                RealCluster cluster = new RealCluster(folder, World.around(ProxyMode.NFTABLES, first.process()))) {
            for (String overlay : overlays()) {
                ProcessResult taken = cluster.plane()
                        .kubectl(
                                yaml(overlay),
                                "apply",
                                "--server-side",
                                "--dry-run=server",
                                "--validate=strict",
                                "-f",
                                "-");
                assertThat(taken.succeeded()).as("%s: %s", overlay, taken).isTrue();
                assertThat(taken.error()).as(overlay).isEmpty();
                assertThat(taken.output()).contains("daemonset.apps/");
            }
            cluster.service("web", "10.96.7.1");
            cluster.slice("web", "10.244.1.11");

            besideKubeProxyNothingIsWritten(cluster, first);
            inPlaceOfKubeProxyServicesAnswer(cluster, first, "nftables");
            inPlaceOfKubeProxyServicesAnswer(cluster, first, "iptables");
        }
    }

    private void besideKubeProxyNothingIsWritten(RealCluster cluster, PodOnDocker pod)
            throws IOException, InterruptedException {
        List<HasMetadata> objects = applied(cluster, "beside-kube-proxy");
        String before = rules(cluster);
        pod.withAccount(cluster.plane().accountFolder("kube-system", "fairlead"));
        pod.start(volumes(objects));

        pod.awaitLines("dry run (writes nothing)", 1);
        Await.until(
                () -> MISSING.matcher(page(cluster, "http://127.0.0.1:11249/diff"))
                        .find(),
                LATER,
                pod::log);
        assertThat(pod.stop()).as(pod.log()).isZero();
        assertThat(rules(cluster)).isEqualTo(before);
    }

    private void inPlaceOfKubeProxyServicesAnswer(RealCluster cluster, PodOnDocker node, String overlay)
            throws IOException, InterruptedException {
        List<HasMetadata> objects = applied(cluster, overlay);
        cluster.world().node().sysctl("netfilter/nf_conntrack_tcp_timeout_close_wait", "60");
        try (PodOnDocker pod =
                node.next(daemonSet(objects)).withAccount(cluster.plane().accountFolder("kube-system", "fairlead"))) {
            assertThat(pod.initialise(volumes(objects)))
                    .contains("changed kernel setting net.netfilter.nf_conntrack_tcp_timeout_close_wait 60 -> 3600");
            pod.start(volumes(objects));

            Await.until(() -> cluster.answers(WEB, "pod-1"), LATER, pod::log);
            cluster.replaceSlice("web", "10.244.1.12");
            Await.until(() -> cluster.answers(WEB, "pod-2"), LATER, pod::log);
            cluster.replaceSlice("web", "10.244.1.11");
            Await.until(() -> cluster.answers(WEB, "pod-1"), LATER, pod::log);
            assertThat(page(cluster, "http://127.0.0.1:10249/proxyMode")).isEqualTo(overlay);
            assertThat(pod.stop()).as(pod.log()).isZero();
            assertThat(pod.log()).doesNotContain("HTTP 403");
        }
    }

    private static List<String> overlays() throws IOException {
        try (Stream<Path> folders = Files.list(OVERLAYS)) {
            return folders.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static String yaml(String overlay) {
        ProcessResult result = new ExecProcessRunner()
                .run(Command.of(
                        NeedsKubernetes.Condition.program("kubectl").toString(),
                        "kustomize",
                        OVERLAYS.resolve(overlay).toString()));
        assertThat(result.succeeded()).as("%s: %s", overlay, result).isTrue();
        return result.output();
    }

    private static List<HasMetadata> built(String overlay) {
        Object read = new KubernetesSerialization()
                .unmarshal(new ByteArrayInputStream(yaml(overlay).getBytes(StandardCharsets.UTF_8)));
        return (read instanceof Collection<?> many ? many.stream() : Stream.of(read))
                .map(HasMetadata.class::cast)
                .toList();
    }

    private static List<HasMetadata> applied(RealCluster cluster, String overlay) {
        ProcessResult result =
                cluster.plane().kubectl(yaml(overlay), "apply", "--server-side", "--force-conflicts", "-f", "-");
        assertThat(result.succeeded()).as("%s: %s", overlay, result).isTrue();
        return built(overlay);
    }

    private static <T> T one(List<HasMetadata> objects, Class<T> kind) {
        return objects.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }

    private static DaemonSet daemonSet(List<HasMetadata> objects) {
        return one(objects, DaemonSet.class);
    }

    /**
     * Returns the volumes that the kubelet would mount. The overlays do not contain kubeadm's ConfigMap, so this method
     * writes its files.
     */
    private Map<String, Path> volumes(List<HasMetadata> objects) throws IOException {
        String name = daemonSet(objects).getMetadata().getName();
        Path config = Files.createDirectories(folder.resolve(
                "config-" + one(objects, ConfigMap.class).getMetadata().getName()));
        for (Map.Entry<String, String> file :
                one(objects, ConfigMap.class).getData().entrySet()) {
            // The size of conntrack's table can be set only in the initial network namespace, so the agent must not set
            // it.
            Files.writeString(config.resolve(file.getKey()), file.getValue() + "conntrack: {maxPerCore: 0, min: 0}\n");
        }
        Path kubeconfig = Files.createDirectories(folder.resolve("kubeadm-" + name));
        Files.writeString(kubeconfig.resolve("kubeconfig.conf"), """
                apiVersion: v1
                kind: Config
                clusters:
                - cluster:
                    certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
                    server: %s
                  name: default
                contexts:
                - context: {cluster: default, namespace: default, user: default}
                  name: default
                current-context: default
                users:
                - name: default
                  user:
                    tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token
                """.formatted(ControlPlane.address()));
        Path lock = folder.resolve("xtables.lock");
        if (!Files.exists(lock)) {
            Files.createFile(lock);
        }
        return Map.of("config", config, "kubeconfig", kubeconfig, "xtables-lock", lock);
    }

    private static String page(RealCluster cluster, String url) {
        return cluster.world().nodeRunner().run(Command.of("curl", "-s", url)).output();
    }

    private static String rules(RealCluster cluster) {
        return cluster.world()
                .nodeRunner()
                .run(Command.of("nft", "list", "ruleset"))
                .output();
    }
}
