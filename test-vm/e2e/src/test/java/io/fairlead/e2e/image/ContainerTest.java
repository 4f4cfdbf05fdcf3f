package io.fairlead.e2e.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fairlead.cli.scenario.Scenario;
import io.fairlead.cluster.watch.FakeApiServer;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Image;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.ScenarioCheck;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the image in the way in which the manifests run it: with only the capabilities of the manifest, a read-only
 * root file system and Docker's default seccomp profile.
 */
@NeedsRoot
@NeedsDocker
@Timeout(300)
final class ContainerTest {
    private static final Path MANIFEST = Path.of("../../deploy/base/daemonset.yaml");
    private static final Path KUBEADM =
            Path.of("../../node-agent/cli/src/test/resources/deploy/kubeadm-daemonset.yaml");
    private static final String APPLIED = " applied: ";

    @TempDir
    Path folder;

    private Path objects;
    private Map<String, Path> volumes;

    @BeforeAll
    static void load() {
        Image.load();
    }

    @BeforeEach
    void prepare() throws IOException {
        objects = Files.createDirectory(folder.resolve("objects"));
        Path config = Files.createDirectory(folder.resolve("config"));
        Path lock = Files.createFile(folder.resolve("xtables.lock"));
        volumes = Map.of("config", config, "kubeconfig", objects, "xtables-lock", lock);
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void packetsMeetWhatTheScenariosSay(ProxyMode mode) throws IOException, InterruptedException {
        configure(mode);
        List<String> found = new ArrayList<>();
        try (PodOnDocker pod = new PodOnDocker(MANIFEST);
                World world = World.around(mode, pod.process())) {
            ScenarioCheck check = ScenarioCheck.besideAgent(world, Duration.ofSeconds(5), Duration.ofMillis(500));
            List<Scenario> scenarios = Scenario.all(ScenarioCheck.SCENARIOS);
            for (int i = 0; i < scenarios.size(); i++) {
                show(scenarios.get(i).folder().resolve("cluster.yaml"));
                if (i == 0) {
                    start(pod);
                }
                pod.awaitLines(APPLIED, i + 1);
                found.addAll(check.disagreements(scenarios.get(i), mode));
            }
            String rules = world.kernel().text();
            assertThat(pod.stop()).as(pod.log()).isZero();
            assertThat(pod.log()).doesNotContain(" failed: ");
            assertThat(found).isEmpty();
            assertThat(world.kernel().text())
                    .as("the rules stay")
                    .isEqualTo(rules)
                    .containsIgnoringCase("kube-");
        }
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void withoutNetAdminItEndsWithAReason(ProxyMode mode) throws IOException, InterruptedException {
        configure(mode);
        try (PodOnDocker pod = new PodOnDocker(MANIFEST)) {
            pod.spec().getSecurityContext().getCapabilities().getAdd().remove("NET_ADMIN");
            start(pod);

            assertThat(pod.awaitEnd()).isEqualTo(3);
            assertThat(pod.log())
                    .contains("does not have the capability NET_ADMIN", "securityContext.capabilities.add");
        }
    }

    @Test
    void withoutNetRawItEndsWithAReasonWhereTheNodeUsesLegacyIptables() throws IOException, InterruptedException {
        configure(ProxyMode.IPTABLES);
        try (PodOnDocker pod = new PodOnDocker(MANIFEST);
                World world = World.around(ProxyMode.IPTABLES, pod.process())) {
            asTheKubelet(world, "legacy");
            pod.spec().getSecurityContext().getCapabilities().getAdd().remove("NET_RAW");
            start(pod);

            assertThat(pod.awaitEnd()).isEqualTo(3);
            assertThat(pod.log()).contains("does not have the capability NET_RAW", "iptables-legacy");
        }
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void withoutNetRawItWorksWhereTheNodeDoesNot(ProxyMode mode) throws IOException, InterruptedException {
        configure(mode);
        show(clusterIp().folder().resolve("cluster.yaml"));
        try (PodOnDocker pod = new PodOnDocker(MANIFEST);
                World _ = World.around(mode, pod.process())) {
            pod.spec().getSecurityContext().getCapabilities().getAdd().remove("NET_RAW");
            start(pod);

            pod.awaitLines(APPLIED, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void theVariantOfIptablesIsTheOneThatTheNodeUses(String variant) throws IOException, InterruptedException {
        configure(ProxyMode.IPTABLES);
        show(clusterIp().folder().resolve("cluster.yaml"));
        try (PodOnDocker pod = new PodOnDocker(MANIFEST);
                World world = World.around(ProxyMode.IPTABLES, pod.process())) {
            asTheKubelet(world, variant);
            start(pod);
            pod.awaitLines(APPLIED, 1);

            assertThat(natRules(world, variant)).contains("KUBE-SVC-");
            assertThat(natRules(world, variant.equals("nft") ? "legacy" : "nft"))
                    .doesNotContain("KUBE-");
            assertThat(new ScenarioCheck(world, Duration.ofSeconds(5), Duration.ofMillis(500))
                            .disagreements(clusterIp(), ProxyMode.IPTABLES))
                    .isEmpty();
        }
    }

    /**
     * Runs kubeadm's DaemonSet of kube-proxy with its connection to the API server, its privileges and its command
     * line. Only the image is replaced.
     */
    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void aKubeadmManifestWorksWithOnlyTheImageReplaced(ProxyMode mode) throws IOException, InterruptedException {
        Scenario scenario = clusterIp();
        Path proxy = volumes.get("config");
        try (PodOnDocker pod = new PodOnDocker(KUBEADM, Image.NAME);
                World world = World.around(mode, pod.process());
                FakeApiServer server = world.node().inside(FakeApiServer::new)) {
            objectsOf(scenario).forEach(server::put);
            Files.writeString(proxy.resolve("config.conf"), """
                    apiVersion: kubeproxy.config.k8s.io/v1alpha1
                    kind: KubeProxyConfiguration
                    bindAddress: 0.0.0.0
                    bindAddressHardFail: false
                    clientConnection:
                      acceptContentTypes: ""
                      burst: 0
                      contentType: ""
                      kubeconfig: /var/lib/kube-proxy/kubeconfig.conf
                      qps: 0
                    clusterCIDR: 10.244.0.0/16,fd00:10:244::/48
                    # A privileged container could change this machine's table.
                    conntrack: {maxPerCore: 0, min: 0}
                    hostnameOverride: ""
                    metricsBindAddress: ""
                    mode: %s
                    nodePortAddresses: null
                    """.formatted(mode.text()));
            Files.writeString(proxy.resolve("kubeconfig.conf"), """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: default, cluster: {server: "%s"}}]
                    contexts: [{name: default, context: {cluster: default, namespace: default, user: default}}]
                    current-context: default
                    users: [{name: default, user: {}}]
                    """.formatted(server.address()));
            pod.start(Map.of("kube-proxy", proxy, "xtables-lock", volumes.get("xtables-lock")));

            pod.awaitLines(APPLIED, 1);
            assertThat(new ScenarioCheck(world, Duration.ofSeconds(5), Duration.ofMillis(500))
                            .disagreements(scenario, mode))
                    .as(pod.log())
                    .isEmpty();
            assertThat(pod.stop()).as(pod.log()).isZero();
        }
    }

    private static List<HasMetadata> objectsOf(Scenario scenario) throws IOException {
        KubernetesSerialization serialization = new KubernetesSerialization();
        try (InputStream yaml = Files.newInputStream(scenario.folder().resolve("cluster.yaml"))) {
            Object read = serialization.unmarshal(yaml);
            return (read instanceof Collection<?> many ? many.stream() : Stream.of(read))
                    .map(HasMetadata.class::cast)
                    .toList();
        }
    }

    private static Scenario clusterIp() {
        return new Scenario(ScenarioCheck.SCENARIOS.resolve("cluster-ip"));
    }

    /**
     * Starts the agent. It reads the objects from the folder of the kubeconfig, because this test has no API server.
     */
    private void start(PodOnDocker pod) {
        pod.start(volumes, "--source=/etc/fairlead-kubeconfig");
    }

    private void configure(ProxyMode mode) throws IOException {
        Files.writeString(volumes.get("config").resolve("config.conf"), """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                mode: %s
                clusterCIDR: "10.244.0.0/16,fd00:10:244::/48"
                """.formatted(mode.text()));
    }

    private void show(Path cluster) throws IOException {
        Path fresh = Files.copy(cluster, folder.resolve("fresh"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(fresh, objects.resolve("cluster.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Creates the kubelet's chain in a variant of iptables. The agent detects by this chain which variant the node
     * uses.
     */
    private static void asTheKubelet(World world, String variant) {
        ProcessResult result =
                world.nodeRunner().run(Command.of("iptables-" + variant, "-t", "mangle", "-N", "KUBE-KUBELET-CANARY"));
        assertThat(result.succeeded()).as("%s", result).isTrue();
    }

    private static String natRules(World world, String variant) {
        ProcessResult result = world.nodeRunner().run(Command.of("iptables-" + variant + "-save", "-t", "nat"));
        assertThat(result.succeeded()).as("%s", result).isTrue();
        return result.output();
    }
}
