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
                .startsWith("tcp 198.51.100.7 -> 10.96.0.10:80\n")
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
