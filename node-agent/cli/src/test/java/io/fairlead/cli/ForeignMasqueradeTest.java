package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.plan.ProxyMode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests what {@code fairlead verify} reports about rules of other programs that masquerade packets to Services. */
final class ForeignMasqueradeTest {
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
            endpoints: [{addresses: [10.244.1.35], nodeName: node-1}, {addresses: [10.244.2.35], nodeName: node-2}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: kubernetes, namespace: default}
            spec: {clusterIP: 10.96.0.1, ports: [{name: https, port: 443}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}
            addressType: IPv4
            ports: [{name: https, port: 6443}]
            endpoints: [{addresses: [192.0.2.50]}]
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

    private int verify(ProxyMode mode, String clusterCidr, String postrouting) {
        String config = session.file("config.yaml", """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                mode: %s
                clusterCIDR: "%s"
                """.formatted(mode.text(), clusterCidr));
        String[] node = {"--config", config, "--local-addresses", "192.0.2.10", "--node-name", "node-1", "-f", objects};
        session.run(words(node, "render"));
        String foreign =
                "table ip plugin {\n\tchain post {\n\t\ttype nat hook postrouting priority srcnat; policy accept;\n"
                        + postrouting + "\t}\n}\n";
        String rules = session.file("rules.txt", asSaved(session.out) + foreign);
        return session.run(words(node, "verify", "--rules", rules));
    }

    /**
     * Returns rendered rules as iptables-save would print them: without IPv6, and with lines that declare the kernel's
     * chains. The input of iptables-restore needs no such lines.
     */
    private static String asSaved(String rendered) {
        int ipv6 = rendered.indexOf("# ip6tables");
        return (ipv6 < 0 ? rendered : rendered.substring(0, ipv6))
                .replace("*filter\n", chains("filter", "INPUT", "FORWARD", "OUTPUT"))
                .replace("*nat\n", chains("nat", "PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"));
    }

    private static String chains(String table, String... chains) {
        return Stream.of(chains)
                .map(chain -> ":" + chain + " ACCEPT [0:0]\n")
                .collect(Collectors.joining("", "*" + table + "\n", ""));
    }

    private static String[] words(String[] node, String... first) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(node)).toArray(String[]::new);
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void aPluginMayMasqueradeWhatLeavesItsNetwork(ProxyMode mode) {
        String bridge = "\t\tip saddr 10.244.0.0/16 ip daddr != 10.244.0.0/16 masquerade\n";
        String flannel = bridge + "\t\tip saddr != 10.244.0.0/16 ip daddr 10.244.0.0/16 masquerade\n";

        assertThat(verify(mode, "10.244.0.0/16", bridge)).as(session.out).isZero();
        assertThat(verify(mode, "10.244.0.0/16", flannel)).as(session.out).isZero();
        assertThat(verify(mode, "", flannel)).as(session.out).isZero();
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void theSourceOfAPodTowardsAPodIsPromised(ProxyMode mode) {
        String all = "\t\tip daddr 10.244.0.0/16 masquerade\n";

        assertThat(verify(mode, "10.244.0.0/16", all)).isEqualTo(1);
        assertThat(session.out)
                .contains("ip plugin post \"ip daddr 10.244.0.0/16 masquerade")
                .contains("from a pod of this node")
                .doesNotContain("from a client outside");
        objects = session.file("objects.yaml", OBJECTS.replace("192.0.2.50", "10.244.7.7"));
        assertThat(verify(mode, "", all)).as(session.out).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void theSourceOfAClientIsPromisedUnderThePolicyLocal(ProxyMode mode) {
        String outside = "\t\tip saddr != 10.244.0.0/16 ip daddr 10.244.0.0/16 masquerade\n";
        objects = session.file(
                "objects.yaml", OBJECTS.replace("type: NodePort,", "type: NodePort, externalTrafficPolicy: Local,"));

        assertThat(verify(mode, "10.244.0.0/16", outside)).isEqualTo(1);
        assertThat(session.out)
                .contains("node port 30080, from a client outside")
                .contains("actual    sent to 10.244.1.35:8080, masqueraded");
        assertThat(verify(mode, "10.244.0.0/16", "\t\tip daddr 10.244.1.0/24 return\n" + outside))
                .as(session.out)
                .isZero();
    }
}
