package io.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.ControlPlane;
import io.fairlead.e2e.fixtures.NeedsKubernetes;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.e2e.fixtures.RealCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests {@code fairlead verify} with the rules of a real kube-proxy. It must accept correct rules and report a wrong
 * rule.
 */
@NeedsRoot
@NeedsKubernetes({"kube-apiserver", "etcd", "kube-proxy"})
@Timeout(240)
final class KubeProxyVerifyTest {
    private static final Duration START = Duration.ofSeconds(60);
    private static final String SERVICES = "/api/v1/namespaces/default/services/";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void judgesKubeProxysRules(ProxyMode mode) throws IOException {
        try (RealCluster cluster = new RealCluster(folder)) {
            populate(cluster);
            NodeProcess kubeProxy = cluster.kubeProxy(mode);
            Await.until(() -> cluster.answers("10.96.7.9:80", "pod-1", "pod-2"), START, kubeProxy::log);
            NodeProcess right = verify(cluster, mode, "right.log");
            assertThat(right.stop()).as(right.log()).isZero();

            kubeProxy.stop();
            cluster.replaceSlice("plain", "10.244.1.11", "10.244.2.11");
            NodeProcess wrong = verify(cluster, mode, "wrong.log");
            assertThat(wrong.stop()).as(wrong.log()).isEqualTo(1);
            assertThat(wrong.log()).contains("default/plain");
        }
    }

    private static void populate(RealCluster cluster) {
        cluster.service("plain", "10.96.7.1");
        cluster.slice("plain", "10.244.1.11", "10.244.1.12");
        cluster.service("sticky", "10.96.7.2");
        cluster.patchService("sticky", "{\"spec\": {\"sessionAffinity\": \"ClientIP\"}}");
        cluster.slice("sticky", "10.244.1.11", "10.244.1.12");
        cluster.service("local", "10.96.7.3");
        cluster.patchService(
                "local",
                "{\"spec\": {\"type\": \"LoadBalancer\", \"externalTrafficPolicy\": \"Local\","
                        + " \"loadBalancerSourceRanges\": [\"203.0.113.0/26\"]}}");
        cluster.plane()
                .patch(
                        SERVICES + "local/status",
                        "{\"status\": {\"loadBalancer\": {\"ingress\": [{\"ip\": \"198.51.100.3\"}]}}}");
        cluster.slice("local", "10.244.1.11", "10.244.2.11");
        cluster.service("empty", "10.96.7.4");
        cluster.patchService("empty", "{\"spec\": {\"type\": \"NodePort\", \"externalIPs\": [\"198.51.100.4\"]}}");
        cluster.service("inside", "10.96.7.5");
        cluster.patchService("inside", "{\"spec\": {\"internalTrafficPolicy\": \"Local\"}}");
        cluster.slice("inside", "10.244.1.12", "10.244.2.11");
        cluster.service("last", "10.96.7.9");
        cluster.slice("last", "10.244.1.11", "10.244.1.12");
    }

    private NodeProcess verify(RealCluster cluster, ProxyMode mode, String log) throws IOException {
        Path config = folder.resolve("config.yaml");
        Files.writeString(config, """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                mode: %s
                clusterCIDR: 10.244.0.0/16
                """.formatted(mode.text()));
        NodeProcess verify = NodeProcess.fairlead(
                cluster.world().node().namespace(),
                folder.resolve(log),
                List.of(
                        "verify",
                        "--kubeconfig=" + cluster.plane().kubeconfig(ControlPlane.ADMINISTRATOR),
                        "--node-name=node-a",
                        "--config=" + config));
        Await.until(() -> !verify.isAlive(), START, verify::log);
        return verify;
    }
}
