package io.fairlead.cluster.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.cluster.SliceObject.Port;
import io.fairlead.core.cluster.SliceObject.SliceEndpoint;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what commands read from exports of a cluster: the names of pods, and endpoints that are computed from pods. */
final class PodEndpointsTest {
    private static final String SERVICE = """
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"},
             "spec": {"clusterIP": "10.96.0.10", "selector": {"app": "web"},
              "ports": [{"name": "http", "port": 80, "targetPort": "web"}, {"name": "admin", "port": 81}]}}
            """;

    private static String pod(String name, String ip, String ready, String more) {
        return """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "namespace": "shop", "labels": {"app": "web"}%s},
                 "spec": {"nodeName": "node-1", "containers": [{"ports": [{"name": "web", "containerPort": 8080}]}]},
                 "status": {"phase": "Running", "podIPs": [{"ip": "%s"}],
                  "conditions": [{"type": "Ready", "status": "%s"}]}}
                """.formatted(name, more, ip, ready);
    }

    private static ClusterInput read(String text) throws IOException {
        return new ClusterReader(false, false, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .withPods()
                .read(List.of(ClusterReader.STANDARD_INPUT));
    }

    @Test
    void computesEndpointsFromPodsIfThereAreNoSlices() throws IOException {
        ClusterInput input = read(SERVICE
                + pod("web-1", "10.244.1.5", "True", "")
                + pod("web-2", "10.244.1.6", "False", "")
                + pod("web-3", "10.244.1.7", "True", ", \"deletionTimestamp\": \"2026-01-01T00:00:00Z\"")
                + pod("other", "10.244.1.8", "True", "").replace("\"app\": \"web\"", "\"app\": \"db\"")
                + pod("done", "10.244.1.9", "True", "").replace("Running", "Succeeded"));

        assertThat(input.state().slices().values()).singleElement().satisfies(slice -> {
            assertThat(slice.family()).isEqualTo(IpFamily.IPV4);
            assertThat(slice.ports())
                    .containsExactly(new Port("http", Protocol.TCP, 8080), new Port("admin", Protocol.TCP, 81));
            assertThat(slice.endpoints())
                    .extracting(SliceEndpoint::ip, SliceEndpoint::ready, SliceEndpoint::terminating)
                    .containsExactly(
                            tuple(Ip.parse("10.244.1.5"), true, false),
                            tuple(Ip.parse("10.244.1.6"), false, false),
                            tuple(Ip.parse("10.244.1.7"), false, true));
        });
        assertThat(input.problems())
                .extracting(Problem::message)
                .contains(
                        "the endpoints of 1 Service are computed from pods, because the input has no EndpointSlices of it");
        assertThat(input.pods().of(Ip.parse("10.244.1.6"))).contains("shop/web-2");
    }

    /** The order of a set of {@code Set.copyOf} differs between processes. */
    @Test
    void theSlicesOfBothFamiliesHaveTheSameNamesInEachProcess() throws IOException {
        ClusterInput input = read(SERVICE.replace("\"clusterIP\": \"10.96.0.10\"", """
                        "clusterIP": "fd00:96::10", "clusterIPs": ["fd00:96::10", "10.96.0.10"],
                        "ipFamilies": ["IPv6", "IPv4"]""")
                + pod("web-1", "10.244.1.5\"}, {\"ip\": \"fd00:244::5", "True", ""));

        assertThat(input.state().slices().keySet())
                .extracting(SliceObject.Key::name)
                .containsExactlyInAnyOrder("Pods/web/IPv4/0", "Pods/web/IPv6/1");
    }

    @Test
    void aPodWithoutTheNamedPortHasOnlyTheOtherPorts() throws IOException {
        ClusterInput input =
                read(SERVICE + pod("web-1", "10.244.1.5", "True", "").replace("\"name\": \"web\", \"con", "\"con"));

        assertThat(input.state().slices().values())
                .singleElement()
                .satisfies(slice -> assertThat(slice.ports()).containsExactly(new Port("admin", Protocol.TCP, 81)));
    }

    @Test
    void slicesAreUsedInsteadOfPodsAndNameThem() throws IOException {
        ClusterInput input = read(SERVICE + pod("web-2", "10.244.1.6", "True", "") + """
                {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
                 "metadata": {"name": "web-1", "namespace": "shop", "labels": {"kubernetes.io/service-name": "web"}},
                 "ports": [{"name": "http", "port": 8080}],
                 "endpoints": [{"addresses": ["10.244.1.5"],
                  "targetRef": {"kind": "Pod", "namespace": "shop", "name": "web-1"}}]}
                """);

        assertThat(input.state().slices()).hasSize(1);
        assertThat(input.pods().of(Ip.parse("10.244.1.5"))).contains("shop/web-1");
        assertThat(input.pods().address("shop/web-2", IpFamily.IPV4)).contains(Ip.parse("10.244.1.6"));
    }

    @Test
    void theFirstOfTwoServicesWithOneNameSelectsThePods() throws IOException {
        String other = SERVICE.replace("\"app\": \"web\"", "\"app\": \"db\"");
        String database = pod("db-1", "10.244.1.9", "True", "").replace("\"app\": \"web\"", "\"app\": \"db\"");

        assertThat(endpoints(read(SERVICE + other + pod("web-1", "10.244.1.5", "True", "") + database)))
                .containsExactly(Ip.parse("10.244.1.5"));
        // The first Service is set aside, so the second one is used.
        String bad = SERVICE.replace("10.96.0.10", "no address");
        assertThat(endpoints(read(bad + other + pod("web-1", "10.244.1.5", "True", "") + database)))
                .containsExactly(Ip.parse("10.244.1.9"));
    }

    @Test
    void aPodThatOccursTwiceIsOneEndpoint() throws IOException {
        String pod = pod("web-1", "10.244.1.5", "True", "");

        assertThat(endpoints(read(SERVICE + pod + pod))).containsExactly(Ip.parse("10.244.1.5"));
    }

    @Test
    void podsOfOtherServicesAreNoReasonForANote() throws IOException {
        ClusterInput input =
                read(SERVICE + pod("db-1", "10.244.1.9", "True", "").replace("\"app\": \"web\"", "\"app\": \"db\""));

        assertThat(endpoints(input)).isEmpty();
        assertThat(input.problems()).isEmpty();
    }

    private static List<Ip> endpoints(ClusterInput input) {
        return input.state().slices().values().stream()
                .flatMap(slice -> slice.endpoints().stream())
                .map(SliceEndpoint::ip)
                .toList();
    }

    @Test
    void withoutPodsNothingIsComputed() throws IOException {
        ClusterInput input = new ClusterReader(
                        false,
                        false,
                        new ByteArrayInputStream(
                                (SERVICE + pod("web-1", "10.244.1.5", "True", "")).getBytes(StandardCharsets.UTF_8)))
                .read(List.of(ClusterReader.STANDARD_INPUT));

        assertThat(input.state().slices()).isEmpty();
        assertThat(input.pods()).isEqualTo(PodNames.NONE);
    }

    @Test
    void readsTheFolderOfClusterInfoDumpWithItsSubfolders(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("shop/web-1"));
        Files.writeString(
                folder.resolve("nodes.json"), "{\"kind\": \"NodeList\", \"apiVersion\": \"v1\", \"items\": []}");
        Files.writeString(folder.resolve("shop/services.json"), SERVICE);
        Files.writeString(folder.resolve("shop/pods.json"), pod("web-1", "10.244.1.5", "True", ""));
        Files.writeString(folder.resolve("shop/events.json"), "{ this file is not read");
        Files.writeString(folder.resolve("shop/web-1/logs.txt"), "hello");

        ClusterInput input = new ClusterReader(false, false, InputStream.nullInputStream())
                .withPods()
                .read(List.of(folder.toString()));

        assertThat(input.unreadable()).isEmpty();
        assertThat(input.counts().services()).isEqualTo(1);
        assertThat(input.counts().endpoints()).isEqualTo(1);
    }

    @Test
    void readsAMustGather(@TempDir Path folder) throws IOException {
        Path image = folder.resolve("registry-example-must-gather");
        Files.createDirectories(image.resolve("cluster-scoped-resources/core/nodes"));
        Files.createDirectories(image.resolve("namespaces/shop/core"));
        Files.createDirectories(image.resolve("namespaces/shop/pods/web-1"));
        Files.writeString(
                image.resolve("cluster-scoped-resources/core/nodes/node-1.yaml"),
                "apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n");
        Files.writeString(image.resolve("namespaces/shop/core/services.yaml"), SERVICE);
        Files.writeString(image.resolve("namespaces/shop/core/pods.yaml"), pod("web-1", "10.244.1.5", "True", ""));
        Files.writeString(image.resolve("namespaces/shop/core/secrets.yaml"), "not: [read");
        Files.writeString(image.resolve("namespaces/shop/pods/web-1/web-1.yaml"), "not: [read");

        ClusterInput input = new ClusterReader(false, false, InputStream.nullInputStream())
                .withPods()
                .read(List.of(folder.toString()));

        assertThat(input.unreadable()).isEmpty();
        assertThat(input.state().nodes()).containsKey("node-1");
        assertThat(input.counts().endpoints()).isEqualTo(1);
    }
}
