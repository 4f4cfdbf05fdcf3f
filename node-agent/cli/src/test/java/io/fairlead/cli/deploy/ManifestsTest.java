package io.fairlead.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.client.Config;
import io.fairlead.config.ConfigReader;
import io.fairlead.config.KubeProxyConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestsTest {
    private static final String BASE = "base/daemonset.yaml";
    private static final String REPLACEMENT = "overlays/replace-kube-proxy/daemonset.yaml";

    static List<Path> kustomizations() {
        return Manifests.kustomizations();
    }

    static Stream<Path> configurations() throws IOException {
        try (Stream<Path> files = Files.walk(Manifests.FOLDER)) {
            return files.filter(file -> file.endsWith("config.conf")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void everyFileThatAKustomizationNamesExists(Path folder) {
        for (Path file : Manifests.referenced(folder)) {
            assertThat(file).exists();
            if (Files.isDirectory(file)) {
                assertThat(Manifests.kustomizations()).contains(file);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void everyFileOfAKustomizationIsUsed(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Set<Path> others = new TreeSet<>(files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("kustomization.yaml"))
                    .toList());
            assertThat(Set.copyOf(Manifests.referenced(folder))).containsAll(others);
        }
    }

    /**
     * Tests the names of ConfigMaps. kustomize generates all ConfigMaps and appends a hash to their names, except for
     * kube-proxy's ConfigMap, which already exists in the cluster.
     */
    @ParameterizedTest
    @ValueSource(strings = {"iptables", "nftables", "privileged", "beside-kube-proxy"})
    void overlaysContainTheConfigurationThatTheBaseMounts(String overlay) {
        Path folder = Manifests.FOLDER.resolve("overlays").resolve(overlay);
        Set<String> generated = new TreeSet<>(Set.of("kube-proxy"));
        Stream.concat(Stream.of(folder), Manifests.referenced(folder).stream().filter(Files::isDirectory))
                .flatMap(place -> Manifests.list(Manifests.kustomization(place), "configMapGenerator").stream())
                .forEach(generator ->
                        generated.add(((Map<?, ?>) generator).get("name").toString()));

        assertThat(pod(BASE).getVolumes().stream()
                        .filter(volume -> volume.getConfigMap() != null)
                        .map(volume -> volume.getConfigMap().getName()))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(generated).contains(name));
    }

    /**
     * Tests the results of JSON patches. The patches name list elements by their position, and kustomize reports an
     * error only if the position does not exist.
     */
    @Test
    void patchesChangeTheIntendedParts() {
        Container agent = pod(BASE).getContainers().getFirst();

        assertThat(agent.getPorts().getFirst().getContainerPort()).isEqualTo(10256);
        assertThat(agent.getReadinessProbe().getHttpGet().getPort().getIntVal()).isEqualTo(10249);
        assertThat(agent.getArgs()).first().isEqualTo("agent");
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void readsConfigurationsWithoutAWarning(Path file) {
        ConfigReader.Result read =
                ConfigReader.read(file.toString(), Manifests.text(file).getBytes(StandardCharsets.UTF_8));

        assertThat(read.warnings()).isEmpty();
        assertThat(read.config().oomScoreAdj())
                .as("what the kubelet gives a critical pod")
                .isEqualTo(-997);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void configurationsNameTheFileThatTheBaseMounts(Path file) {
        KubeProxyConfig config = ConfigReader.read(
                        file.toString(), Manifests.text(file).getBytes(StandardCharsets.UTF_8))
                .config();
        Path kubeconfig = Path.of(config.clientConnection().kubeconfig());

        assertThat(mounts(pod(BASE).getContainers().getFirst()))
                .contains(kubeconfig.getParent().toString());
        assertThat(pod(BASE).getVolumes().stream()
                        .filter(volume -> volume.getName().equals("kubeconfig"))
                        .flatMap(volume -> volume.getConfigMap().getItems().stream())
                        .map(item -> item.getPath()))
                .containsExactly(kubeconfig.getFileName().toString());
    }

    @Test
    void theKubeconfigForOtherClustersCanBeUsed() throws IOException {
        Path file = Manifests.FOLDER.resolve("components/api-server-address/kubeconfig.conf");

        assertThat(Config.fromKubeconfig(Manifests.text(file)).getMasterUrl())
                .startsWith("https://api-server.example:6443");
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, REPLACEMENT})
    void theAgentHasOnlyTheRightsThatItNeeds(String file) {
        Container agent = pod(file).getContainers().getFirst();
        SecurityContext rights = agent.getSecurityContext();

        assertThat(Boolean.TRUE.equals(rights.getPrivileged())).isFalse();
        assertThat(rights.getAllowPrivilegeEscalation()).isFalse();
        assertThat(rights.getReadOnlyRootFilesystem()).isTrue();
        assertThat(rights.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(rights.getCapabilities().getAdd()).containsExactly("NET_ADMIN", "NET_RAW");
        assertThat(rights.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(agent.getVolumeMounts().stream()
                        .filter(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                        .map(VolumeMount::getMountPath))
                .as("what can be written")
                .isSubsetOf("/run/xtables.lock", "/var/lib/kube-proxy");
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, REPLACEMENT})
    void runsOnEveryNodeBeforeOtherPods(String file) {
        PodSpec pod = pod(file);

        assertThat(pod.getHostNetwork()).isTrue();
        assertThat(pod.getPriorityClassName()).isEqualTo("system-node-critical");
        assertThat(pod.getNodeSelector()).containsExactly(Map.entry("kubernetes.io/os", "linux"));
        assertThat(pod.getTolerations())
                .extracting(Toleration::getOperator, Toleration::getKey)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("Exists", null));
        assertThat(pod.getContainers().getFirst().getResources().getRequests()).containsOnlyKeys("cpu", "memory");
        assertThat(pod.getContainers().getFirst().getResources().getLimits())
                .as("a node without its rules is worse than one that lacks memory")
                .isNullOrEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, REPLACEMENT})
    void onlyTheInitContainerIsPrivileged(String file) {
        assertThat(pod(file).getInitContainers()).singleElement().satisfies(setup -> {
            assertThat(setup.getSecurityContext().getPrivileged()).isTrue();
            assertThat(Stream.concat(
                            Stream.ofNullable(setup.getCommand()).flatMap(List::stream),
                            Stream.ofNullable(setup.getArgs()).flatMap(List::stream)))
                    .contains("--init-only");
        });
    }

    /**
     * Tests that Fairlead's DaemonSet replaces kubeadm's DaemonSet: the names, the selector and the container must be
     * the same.
     */
    @Test
    void replacesKubeadmsDaemonSet() {
        DaemonSet ours = Manifests.read(DaemonSet.class, REPLACEMENT);
        DaemonSet theirs = KubeadmDaemonSet.read();

        assertThat(ours.getMetadata().getName()).isEqualTo(theirs.getMetadata().getName());
        assertThat(ours.getMetadata().getNamespace())
                .isEqualTo(theirs.getMetadata().getNamespace());
        assertThat(ours.getSpec().getSelector()).isEqualTo(theirs.getSpec().getSelector());
        Container agent = pod(REPLACEMENT).getContainers().getFirst();
        Container proxy =
                theirs.getSpec().getTemplate().getSpec().getContainers().getFirst();
        assertThat(agent.getName()).isEqualTo(proxy.getName());
        assertThat(agent.getCommand()).isEqualTo(proxy.getCommand());
        assertThat(mounts(agent)).isEqualTo(mounts(proxy));
        assertThat(pod(REPLACEMENT).getVolumes())
                .isEqualTo(theirs.getSpec().getTemplate().getSpec().getVolumes());
        assertThat(pod(REPLACEMENT).getServiceAccountName())
                .isEqualTo(theirs.getSpec().getTemplate().getSpec().getServiceAccountName());
    }

    @Test
    void thePodsAccountHasTheRole() {
        ClusterRoleBinding binding = Manifests.read(ClusterRoleBinding.class, "rbac/clusterrolebinding.yaml");

        assertThat(binding.getSubjects()).singleElement().satisfies(subject -> {
            assertThat(subject.getKind()).isEqualTo("ServiceAccount");
            assertThat(subject.getName()).isEqualTo(pod(BASE).getServiceAccountName());
            assertThat(subject.getNamespace())
                    .isEqualTo(
                            Manifests.read(DaemonSet.class, BASE).getMetadata().getNamespace());
        });
        assertThat(binding.getRoleRef().getName()).isEqualTo("fairlead");
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, REPLACEMENT})
    void usesTheImageOfThisVersion(String file) {
        Matcher version =
                Pattern.compile("<revision>([^<]*)</revision>").matcher(Manifests.text(Path.of("../../pom.xml")));
        assertThat(version.find()).isTrue();

        Stream.concat(pod(file).getInitContainers().stream(), pod(file).getContainers().stream())
                .forEach(container -> assertThat(container.getImage()).isEqualTo("fairlead:" + version.group(1)));
    }

    private static PodSpec pod(String file) {
        return Manifests.read(DaemonSet.class, file).getSpec().getTemplate().getSpec();
    }

    private static List<String> mounts(Container container) {
        return container.getVolumeMounts().stream()
                .map(VolumeMount::getMountPath)
                .toList();
    }
}
