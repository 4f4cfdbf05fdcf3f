package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the output of {@code fairlead diff} about packets. What happened to packets before the change is known only
 * from the rules in the kernel.
 */
final class PacketChangesTest {
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec:
              type: LoadBalancer
              clusterIP: 10.96.0.10
              externalIPs: [198.51.100.7]
              externalTrafficPolicy: Cluster
              ports: [{name: http, port: 80}]
            """;

    @TempDir
    Path folder;

    private final Map<String, String> kernel = new TreeMap<>();
    private Session session;

    @BeforeEach
    void prepare() {
        session = new Session(folder);
        session.realBackends = true;
        session.kernel = this::listed;
    }

    private ProcessResult listed(Command command) {
        List<String> words = command.words();
        return words.contains("list") && kernel.containsKey(words.get(4))
                ? new ProcessResult(0, kernel.getOrDefault(words.get(4), ""), "")
                : new ProcessResult(1, "", "No such file or directory");
    }

    private static String slice(String... addresses) {
        List<String> endpoints = new ArrayList<>();
        for (String address : addresses) {
            endpoints.add("{addresses: [" + address + "], nodeName: node-a}");
        }
        return """
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
                addressType: IPv4
                ports: [{name: http, port: 8080}]
                endpoints: %s
                """.formatted(endpoints);
    }

    private void kernelHas(String objects) {
        run("render", objects);
        int second = session.out.indexOf("table ip6 kube-proxy");
        kernel.put("ip", session.out.substring(session.out.indexOf("table ip kube-proxy"), second));
        kernel.put("ip6", session.out.substring(second));
    }

    private void run(String command, String objects) {
        session.in = objects;
        session.run(
                command,
                "-f",
                "-",
                "--proxy-mode",
                "nftables",
                "--local-addresses",
                "192.0.2.10",
                "--node-name",
                "node-a");
    }

    /** Returns the lines about packets in the output of {@code fairlead diff}. */
    private List<String> meanings(String objects) {
        run("diff", objects);
        return session.out
                .lines()
                .filter(line -> line.startsWith("  http/tcp IPv4: "))
                .map(line -> line.substring("  http/tcp IPv4: ".length()))
                .toList();
    }

    @Test
    void namesAddedAndRemovedEndpoints() {
        kernelHas(SERVICE + slice("10.244.1.5", "10.244.1.6"));

        assertThat(meanings(SERVICE + slice("10.244.1.5"))).containsExactly("endpoint 10.244.1.6:8080 is gone");
        assertThat(meanings(SERVICE + slice("10.244.1.5", "10.244.1.6", "10.244.1.7")))
                .containsExactly("endpoint 10.244.1.7:8080 is new");
    }

    @Test
    void countsAnEndpointOfARefusedServiceAsNew() {
        kernelHas(SERVICE);

        assertThat(meanings(SERVICE + slice("10.244.1.5"))).containsExactly("endpoint 10.244.1.5:8080 is new");
    }

    @Test
    void namesThePacketsIfTheEndpointsAreTheSame() {
        kernelHas(SERVICE + slice("10.244.1.5"));

        assertThat(meanings(SERVICE.replace("Cluster", "Local") + slice("10.244.1.5")))
                .containsExactly(
                        "packets from a client outside to external IP 198.51.100.7:80: sent to 10.244.1.5:8080,"
                                + " masqueraded now, sent to 10.244.1.5:8080 after the change");
    }

    @Test
    void saysNothingAboutANewService() {
        kernelHas("");

        assertThat(meanings(SERVICE + slice("10.244.1.5"))).isEmpty();
        assertThat(session.out).contains("Service shop/web:http/tcp");
    }

    @Test
    void saysNothingAboutRulesThatCannotBeTraced() {
        kernelHas(SERVICE + slice("10.244.1.5"));
        kernel.replaceAll((_, rules) -> rules.replace("vmap @cluster-pick", "vmap @unknown-map"));

        assertThat(meanings(SERVICE + slice("10.244.1.6"))).isEmpty();
        assertThat(session.out).contains("Service shop/web:http/tcp");
    }
}
