package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TraceCommandTest {
    private static final String OBJECTS = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {type: NodePort, clusterIP: 10.96.0.10, ports: [{name: http, port: 80, nodePort: 30080}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints: [{addresses: [10.244.1.35]}, {addresses: [10.244.1.36]}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: empty, namespace: shop}
            spec: {clusterIP: 10.96.0.11, ports: [{port: 80}]}
            """;
    private static final String FLOWS = """
            {"id": "vip", "protocol": "tcp", "from": "10.244.1.5", "to": "10.96.0.10", "port": 80}
            {"id": "empty", "protocol": "tcp", "from": "10.244.1.5", "to": "10.96.0.11", "port": 80}
            {"id": "nodeport", "protocol": "tcp", "from": "198.51.100.7", "to": "192.0.2.10", "port": 30080}

            {"id": "other", "protocol": "udp", "from": "10.244.1.5", "to": "198.51.100.7", "port": 53}
            """;

    @TempDir
    Path folder;

    private Session session;
    private String objects;

    @BeforeEach
    void prepare() {
        session = new Session(folder);
        session.realBackends = true;
        objects = session.file("objects.yaml", OBJECTS);
    }

    private static final String WHY_NOT = """
            apiVersion: v1
            kind: Node
            metadata: {name: node-1, labels: {topology.kubernetes.io/zone: west}}
            status: {addresses: [{type: InternalIP, address: 192.0.2.10}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec:
              type: LoadBalancer
              clusterIP: 10.96.0.10
              ports: [{name: http, port: 80, nodePort: 30080}]
              internalTrafficPolicy: POLICY
              loadBalancerSourceRanges: [198.51.100.0/24]
            status: {loadBalancer: {ingress: [{ip: 203.0.113.5}]}}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints:
            - {addresses: [10.244.1.35], nodeName: node-1, hints: {forZones: [{name: west}]}}
            - addresses: [10.244.2.36]
              nodeName: node-2
              hints: {forZones: [{name: east}]}
              targetRef: {kind: Pod, namespace: shop, name: web-2}
            - {addresses: [10.244.2.37], conditions: {ready: false, serving: true, terminating: true}}
            - {addresses: [10.244.2.38], conditions: {ready: false}}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-2, namespace: shop, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: https, port: 8443}]
            endpoints: [{addresses: [10.244.2.39]}]
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: db-1, namespace: shop, labels: {kubernetes.io/service-name: db}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints: [{addresses: [10.244.2.40]}]
            """;

    private int whyNot(String policy, String to, String endpoint, String... more) {
        return session.run(
                List.of(
                        "trace",
                        "--offline",
                        "--node-name",
                        "node-1",
                        "-f",
                        session.file("why-not.yaml", WHY_NOT.replace("POLICY", policy)),
                        "--from",
                        "192.0.2.77",
                        "--to",
                        to,
                        "--port",
                        "80",
                        "--why-not",
                        endpoint),
                more);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Cluster | 10.96.0.10  | 10.244.1.35 | 10.244.1.35 is one of the 1 endpoints that the packet can reach",
                "Cluster | 10.96.0.10  | shop/web-2  | 10.244.2.36 (pod shop/web-2) is not reached, although it is ready: the"
                        + " hints in its EndpointSlice are for the zones east, and this node is in zone west.",
                "Local   | 10.96.0.10  | 10.244.2.36 | is not reached, although it is ready: the internalTrafficPolicy of the"
                        + " Service is Local, and the endpoint runs on node node-2, not on this node (node-1).",
                "Cluster | 203.0.113.5 | 10.244.1.35 | although it is ready: the loadBalancerSourceRanges of the Service do not"
                        + " contain the client 192.0.2.77.",
                "Cluster | 10.96.0.10  | 10.244.2.37 | because it is terminating: a pod that ends is chosen only while no other",
                "Cluster | 10.96.0.10  | 10.244.2.38 | because it is not ready: its readiness probe fails",
                "Cluster | 10.96.0.10  | 10.244.2.39 | because its EndpointSlice web-2 has no port \"http\" for tcp; it has"
                        + " \"https\" (8443/tcp).",
                "Cluster | 10.96.0.10  | 10.244.2.40 | is in no EndpointSlice of shop/web. It is an endpoint of shop/db.",
                "Cluster | 10.96.0.10  | 10.244.2.41 | is in no EndpointSlice of shop/web. Either the selector",
                "Cluster | 10.96.0.99  | 10.244.1.35 | no Service port among the objects has the address 10.96.0.99:80/tcp",
            })
    void saysWhyAnEndpointIsNotChosen(String policy, String to, String endpoint, String reason) {
        assertThat(whyNot(policy, to, endpoint)).isZero();
        assertThat(session.out).contains(reason);
    }

    @Test
    void addsNamesAndTheReasonToJson() {
        whyNot("Cluster", "10.96.0.10", "shop/web-2", "-o", "json");

        Map<?, ?> answer = Json.read(session.out, Map.class);
        assertThat(answer.get("names")).isEqualTo(Map.of("10.96.0.10", "Service shop/web"));
        assertThat(String.valueOf(answer.get("whyNot"))).startsWith("10.244.2.36 (pod shop/web-2) is not reached");
    }

    @Test
    void needsTheObjectsToSayWhyNot() {
        String rules = session.file("rules.txt", "*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n");

        assertThat(session.run(
                        "trace",
                        "--rules",
                        rules,
                        "--from",
                        "192.0.2.7",
                        "--to",
                        "10.96.0.10",
                        "--port",
                        "80",
                        "--why-not",
                        "10.244.1.35"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(session.err).contains("no source of objects is given");
    }

    private int trace(String mode, String oracle, String flows) {
        return session.run(
                "trace",
                "--offline",
                "-f",
                objects,
                "--proxy-mode",
                mode,
                "--oracle",
                oracle,
                "--node-name",
                "node-1",
                "--local-addresses",
                "192.0.2.10,127.0.0.1",
                "--config",
                session.file("config.yaml", """
                        apiVersion: kubeproxy.config.k8s.io/v1alpha1
                        kind: KubeProxyConfiguration
                        nodePortAddresses: [0.0.0.0/0, '::/0']
                        clusterCIDR: 10.244.0.0/16
                        """),
                "--flows",
                session.file("flows.jsonl", flows),
                "-o",
                "json");
    }

    @ParameterizedTest
    @CsvSource({"iptables, rules", "iptables, model", "nftables, rules", "nftables, model"})
    void answersEveryFlowWithOneLineOfJson(String mode, String oracle) {
        assertThat(trace(mode, oracle, FLOWS)).isZero();

        assertThat(session.out.lines().map(line -> (Object) Json.read(line, Map.class)))
                .containsExactly(
                        Map.of(
                                "id",
                                "vip",
                                "verdict",
                                "dnat",
                                "endpoints",
                                List.of("10.244.1.35:8080", "10.244.1.36:8080"),
                                "masquerade",
                                false),
                        Map.of("id", "empty", "verdict", "reject", "endpoints", List.of(), "masquerade", false),
                        Map.of(
                                "id",
                                "nodeport",
                                "verdict",
                                "dnat",
                                "endpoints",
                                List.of("10.244.1.35:8080", "10.244.1.36:8080"),
                                "masquerade",
                                true),
                        Map.of("id", "other", "verdict", "pass", "endpoints", List.of(), "masquerade", false));
        assertThat(session.processes).isEmpty();
    }

    @Test
    void answersTheOtherFlowsAfterAnInvalidOne() {
        assertThat(trace("nftables", "rules", "{\"id\": \"x\", \"protocol\": \"icmp\"}\noops\n" + FLOWS))
                .isEqualTo(2);

        assertThat(session.out.lines()).hasSize(6);
        Map<?, ?> first = Json.read(session.out.lines().findFirst().orElseThrow(), Map.class);
        assertThat(first.get("id")).isEqualTo("x");
        assertThat(first.get("error")).isNotNull();
    }

    @Test
    void failsAsIfTheKernelWereUnreadableIfAPacketCannotBeFollowed() {
        // The rules of a fake kernel cannot be followed.
        session.realBackends = false;

        assertThat(session.run(
                        "trace", "--proxy-mode", "nftables", "--from", "10.0.0.1", "--to", "10.0.0.2", "--port", "1"))
                .isEqualTo(ExitCode.KERNEL);
        assertThat(session.err).contains("error: packet: ");
    }

    @ParameterizedTest
    @CsvSource({"iptables, KUBE-SERVICES", "nftables, services"})
    void printsEachRuleWithItsServiceAndTheShares(String mode, String chain) {
        assertThat(session.run(
                        "trace",
                        "--offline",
                        "-f",
                        objects,
                        "--proxy-mode",
                        mode,
                        "--from",
                        "198.51.100.7",
                        "--to",
                        "10.96.0.10",
                        "--port",
                        "80"))
                .isZero();

        assertThat(session.out)
                .startsWith("tcp 198.51.100.7 -> 10.96.0.10:80 (Service shop/web)\n")
                .contains(chain)
                .contains("shop/web:http")
                .contains("50.0 % to 10.244.1.35:8080")
                .contains("=> sent to 10.244.1.35:8080 (50.0 %), 10.244.1.36:8080 (50.0 %)");
    }

    @Test
    void printsTheWholePathOfAPacketAsJson() {
        session.run(
                "trace",
                "--offline",
                "-f",
                objects,
                "--proxy-mode",
                "iptables",
                "--from",
                "198.51.100.7",
                "--to",
                "10.96.0.10",
                "--port",
                "80",
                "-o",
                "json");

        Map<?, ?> answer = Json.read(session.out, Map.class);
        assertThat((List<?>) answer.get("paths")).hasSize(2);
        assertThat(session.out).contains("\"origin\":\"shop/web:http\"").contains("\"share\":0.5");
    }

    @ParameterizedTest
    @CsvSource({
        "--from nonsense --to 10.96.0.10 --port 80, nonsense",
        "--from 10.0.0.1 --to fd00::1 --port 80, different families",
        "--from 10.0.0.1 --to 10.0.0.2 --port 0, port out of range",
        "--from 10.0.0.1 --to 10.0.0.2 --port 80 --protocol icmp, icmp",
        "--from 10.0.0.1 --to 10.0.0.2, --port",
        "--flows none.jsonl, none.jsonl"
    })
    void rejectsAnInvalidQuestion(String words, String inMessage) {
        String[] line = ("trace --offline -f " + objects + " " + words).split(" ");

        assertThat(session.run(line)).isEqualTo(2);
        assertThat(session.err).contains(inMessage);
    }

    @Test
    void readsTheKernelWithoutOffline() {
        assertThat(session.run(
                        "trace", "--proxy-mode", "nftables", "--from", "10.0.0.1", "--to", "10.0.0.2", "--port", "1"))
                .isEqualTo(3);
        assertThat(session.err).contains("there is no kernel here");
        assertThat(session.processes)
                .anySatisfy(command -> assertThat(command.words()).startsWith("nft"));
    }
}
