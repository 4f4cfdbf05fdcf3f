package io.fairlead.cluster.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SourceReadingTest {

    private static SourceContent read(String text) {
        return new SourceReading(new TypedObjects()).read("in.yaml", text);
    }

    private static ClusterInput merged(String text) {
        return Merging.merge(List.of(read(text)), List.of());
    }

    private static String slice(String fields) {
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
                %s
                """.formatted(fields.stripIndent());
    }

    private static SliceObject theSlice(SourceContent content) {
        assertThat(content.contents()).hasSize(1);
        return ((ClusterChange.Slice) content.contents().getFirst()).content();
    }

    @Test
    void readsASliceWithDefaultsForConditions() {
        SliceObject slice = theSlice(read(slice("""
                                addressType: IPv4
                                ports: [{name: http, port: 8080, protocol: TCP}, {name: '', port: 53, protocol: UDP}]
                                endpoints:
                                - {addresses: [10.0.0.1, 10.0.0.99], nodeName: node-1, conditions: {}}
                                - {addresses: [10.0.0.2], conditions: {ready: false, serving: true, terminating: true}}
                                - addresses: [10.0.0.3]
                                  hints: {forZones: [{name: a}, {name: b}], forNodes: [{name: node-1}]}
                                """)));

        assertThat(slice.key()).isEqualTo(new SliceObject.Key("shop", "web-1"));
        assertThat(slice.service()).isEqualTo(new ServiceName("shop", "web"));
        assertThat(slice.ports())
                .containsExactly(
                        new SliceObject.Port("http", Protocol.TCP, 8080), new SliceObject.Port("", Protocol.UDP, 53));
        assertThat(slice.endpoints())
                .containsExactly(
                        new SliceObject.SliceEndpoint(
                                Ip.parse("10.0.0.1"), true, true, false, "node-1", Set.of(), Set.of()),
                        new SliceObject.SliceEndpoint(
                                Ip.parse("10.0.0.2"), false, true, true, null, Set.of(), Set.of()),
                        new SliceObject.SliceEndpoint(
                                Ip.parse("10.0.0.3"), true, true, false, null, Set.of("a", "b"), Set.of("node-1")));
    }

    @Test
    void leavesOutOnlyTheBrokenPortsAndEndpointsOfASlice() {
        SourceContent content = read(slice("""
                        addressType: IPv4
                        ports: [{port: 80}, {name: a, port: null}, {name: b, port: 0}, {name: c, port: 81}]
                        endpoints:
                        - {addresses: []}
                        - {addresses: [nonsense]}
                        - {addresses: ['fd00::1']}
                        - {addresses: [10.0.0.1]}
                        """));

        assertThat(theSlice(content).ports()).extracting(SliceObject.Port::name).containsExactly("c");
        assertThat(theSlice(content).endpoints())
                .extracting(SliceObject.SliceEndpoint::ip)
                .containsExactly(Ip.parse("10.0.0.1"));
        assertThat(content.problems())
                .extracting(problem -> problem.severity() + " " + problem.field())
                .containsExactly(
                        "WARNING ports[0].name",
                        "WARNING ports[1].port",
                        "WARNING ports[2].port",
                        "ERROR endpoints[0].addresses",
                        "ERROR endpoints[1].addresses[0]",
                        "ERROR endpoints[2].addresses[0]");
        assertThat(content.setAside()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "addressType: IPv4\nports: [{name: a, port: 70000}]",
                "addressType: IPv4\nports: [{name: a, port: 80, protocol: ICMP}]",
                "addressType: IPv4\nports: [{name: 'a;b', port: 80}]",
                "addressType: IPv7",
                "ports: []",
                "addressType: IPv4\nendpoints: [{addresses: 10.0.0.1}]"
            })
    void setsABrokenSliceAside(String fields) {
        SourceContent content = read(slice(fields));

        assertThat(content.contents()).isEmpty();
        assertThat(content.setAside()).isEqualTo(1);
        assertThat(content.problems())
                .singleElement()
                .extracting(Problem::severity)
                .isEqualTo(Problem.Severity.ERROR);
    }

    @Test
    void ignoresSlicesThatAreNotForAProxy() {
        SourceContent content = read(slice("addressType: FQDN")
                + "---\n"
                + slice("addressType: IPv4").replace("kubernetes.io/service-name: web", "")
                + "---\n"
                + slice("addressType: IPv4")
                        .replace("service-name: web", "service-name: web, service.kubernetes.io/headless: ''"));

        assertThat(content.contents()).isEmpty();
        assertThat(content.setAside()).isZero();
        assertThat(content.problems()).hasSize(3).allMatch(problem -> problem.severity() == Problem.Severity.NOTE);
    }

    @Test
    void usesASliceWithTheLabelOfAnotherProxy() {
        SourceContent content = read(slice("addressType: IPv4")
                .replace("service-name: web", "service-name: web, service.kubernetes.io/service-proxy-name: x"));

        assertThat(content.objects()).hasSize(1);
        assertThat(content.problems()).isEmpty();
    }

    @Test
    void keepsAndCountsASliceWithoutItsService() {
        ClusterInput input = merged(slice("addressType: IPv4\nendpoints: [{addresses: [10.0.0.1]}]"));

        assertThat(input.state().slices()).hasSize(1);
        assertThat(input.counts().slicesWithoutService()).isEqualTo(1);
        assertThat(input.counts().endpoints()).isEqualTo(1);
        assertThat(input.problems()).isEmpty();
    }

    private static final String ENDPOINTS = """
            apiVersion: v1
            kind: Endpoints
            metadata: {name: web, namespace: shop}
            subsets:
            - addresses: [{ip: 10.0.0.1, nodeName: node-1}, {ip: 'fd00::1'}]
              notReadyAddresses: [{ip: 10.0.0.2}]
              ports: [{name: http, port: 80}]
            - addresses: [{ip: 10.0.0.3}, {ip: broken}]
              ports: [{port: 81, protocol: UDP}]
            """;

    @Test
    void readsEndpointsAsOneSliceForEachSubsetAndFamily() {
        ClusterInput input = merged(ENDPOINTS);

        assertThat(input.state().slices().values())
                .extracting(SliceObject::family)
                .containsExactly(IpFamily.IPV4, IpFamily.IPV6, IpFamily.IPV4);
        SliceObject first = input.state().slices().values().iterator().next();
        assertThat(first.service()).isEqualTo(new ServiceName("shop", "web"));
        assertThat(first.endpoints())
                .containsExactly(
                        new SliceObject.SliceEndpoint(
                                Ip.parse("10.0.0.1"), true, true, false, "node-1", Set.of(), Set.of()),
                        new SliceObject.SliceEndpoint(
                                Ip.parse("10.0.0.2"), false, false, false, null, Set.of(), Set.of()));
        assertThat(input.problems()).extracting(Problem::field).containsExactly("subsets[1].addresses[1].ip");
    }

    @Test
    void ignoresEndpointsOfAServiceWithSlices() {
        ClusterInput input =
                merged(ENDPOINTS.replace("broken", "10.0.0.4") + "---\n" + slice("addressType: IPv4\nendpoints: []"));

        assertThat(input.state().slices().keySet()).containsExactly(new SliceObject.Key("shop", "web-1"));
        assertThat(input.problems())
                .singleElement()
                .extracting(Problem::severity)
                .isEqualTo(Problem.Severity.NOTE);
    }

    @Test
    void readsANode() {
        SourceContent content = read("""
                apiVersion: v1
                kind: Node
                metadata: {name: node-1.example, labels: {topology.kubernetes.io/zone: a}}
                spec:
                  podCIDRs: [10.244.1.0/24, bad]
                  taints: [{key: ToBeDeletedByClusterAutoscaler, effect: NoSchedule}]
                status:
                  addresses:
                  - {type: ExternalIP, address: 198.51.100.1}
                  - {type: Hostname, address: node-1}
                  - {type: InternalIP, address: 192.0.2.1}
                """);

        assertThat(((ClusterChange.Node) content.contents().getFirst()).content())
                .isEqualTo(new NodeObject(
                        "node-1.example",
                        "a",
                        List.of(Ip.parse("192.0.2.1"), Ip.parse("198.51.100.1")),
                        List.of(Cidr.parse("10.244.1.0/24")),
                        true));
        assertThat(content.problems()).extracting(Problem::field).containsExactly("spec.podCIDRs[1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"networking.k8s.io/v1", "networking.k8s.io/v1beta1"})
    void readsServiceCidrs(String version) {
        SourceContent content = read("apiVersion: " + version
                + "\nkind: ServiceCIDR\nmetadata: {name: kubernetes}\nspec: {cidrs: [10.96.0.0/16, 'fd00::/112']}\n");

        assertThat(((ClusterChange.ServiceCidr) content.contents().getFirst()).content())
                .isEqualTo(new ServiceCidrObject(
                        "kubernetes", List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd00::/112"))));
    }

    @Test
    void readsTheOtherItemsOfAListWithABadItem() {
        SourceContent content = read("""
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {clusterIP: 10.96.0.1, ports: [{port: x}]}}
                - just text
                - {apiVersion: v1, kind: Service, metadata: {name: b}, spec: {clusterIP: 10.96.0.2, ports: [{port: 80}]}}
                - {apiVersion: apps/v1, kind: Deployment, metadata: {name: c}}
                - {apiVersion: apps/v1, kind: Deployment, metadata: {name: d}}
                """);

        assertThat(content.contents()).extracting(ClusterChange::text).containsExactly("Service default/b");
        assertThat(content.problems())
                .extracting(Problem::text)
                .containsExactly(
                        "in.yaml, item 1: Service default/a: spec.ports[0].port: must be a whole number, but is \"x\";"
                                + " the object is left out",
                        "in.yaml, item 2: not a Kubernetes object (a mapping with apiVersion and kind)",
                        "in.yaml: 2 of kind Deployment (apps/v1) ignored: no proxy needs them");
    }

    /**
     * The API server refuses these manifests, because Go's decoder converts neither text to numbers nor numbers to
     * text.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            clusterIP: 10.96.0.1, ports: [{port: "80"}]                    | spec.ports[0].port     | a whole number
            clusterIP: 10.96.0.1, ports: [{port: 80, nodePort: "30080"}]   | spec.ports[0].nodePort | a whole number
            clusterIP: 10.96.0.1, ports: [{port: 80.9}]                    | spec.ports[0].port     | a whole number
            clusterIP: 10.96.0.1, ports: [{port: true}]                    | spec.ports[0].port     | a whole number
            clusterIP: 10.96.0.1, ports: [{port: 80, name: 123}]           | spec.ports[0].name     | text
            clusterIP: 10                                                  | spec.clusterIP         | text
            """)
    void refusesValuesOfAnotherType(String spec, String field, String expected) {
        SourceContent content = read("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {" + spec + "}}");

        assertThat(content.contents()).isEmpty();
        assertThat(content.problems())
                .singleElement()
                .extracting(Problem::text)
                .asString()
                .contains("Service default/a: " + field + ": must be " + expected + ", but is ");
    }

    @Test
    void itemsOfATypedListMayLackTheirKind() {
        SourceContent content = read("{\"kind\":\"ServiceList\",\"apiVersion\":\"v1\",\"items\":"
                + "[{\"metadata\":{\"name\":\"a\",\"namespace\":\"x\"},\"spec\":{\"clusterIP\":\"10.96.0.1\"}}]}");

        assertThat(content.contents()).extracting(ClusterChange::text).containsExactly("Service x/a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name: ''",
                "name: Web",
                "name: \"we\\nb\"",
                "name: \"w' -j ACCEPT\"",
                "name: web, namespace: 'a\"b'",
                "name: web, namespace: a/b",
                "name: 'web\u001b[31m'",
                "namespace: only"
            })
    void setsAsideAnObjectWithAnImpossibleName(String metadata) {
        SourceContent content =
                read("apiVersion: v1\nkind: Service\nmetadata: {" + metadata + "}\nspec: {clusterIP: 10.96.0.1}\n");

        assertThat(content.contents()).isEmpty();
        assertThat(content.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Problem.Severity.ERROR);
            assertThat(problem.text()).doesNotContain("\n").doesNotContain("\u001b");
        });
    }

    @Test
    void reportsAnObjectWithoutKindAndReadsTheOthers() {
        SourceContent content = read("a: 1\n---\n- 2\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n");

        assertThat(content.contents()).hasSize(1);
        assertThat(content.readable()).isFalse();
        assertThat(content.problems())
                .extracting(Problem::source)
                .containsExactly("in.yaml, document 1", "in.yaml, document 2");
    }
}
