package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that the commands understand the rules that several versions of kube-proxy write. The rules do what the objects
 * require, except those of kube-proxy 1.29, which has two faults: it compares source ranges after the translation of
 * the destination, so every client passes; and a node port without local endpoints drops packets of the node itself.
 */
final class KubeProxyTablesTest {
    private static final Path TABLES = Path.of("../../rules-nft/src/test/resources/kube-proxy");
    private static final String FAULTY = "v1.29.6";

    @TempDir
    Path folder;

    private Session session;

    static List<String> versions() throws IOException {
        try (Stream<Path> files = Files.list(TABLES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".nft"))
                    .map(name -> name.substring(0, name.length() - 4))
                    .sorted()
                    .toList();
        }
    }

    @BeforeEach
    void open() {
        session = new Session(folder);
        session.realBackends = true;
        session.file("config.yaml", """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                mode: nftables
                clusterCIDR: 10.244.0.0/16,fd00:10:244::/48
                """);
    }

    private int run(String command, String rules, String... more) {
        return session.run(
                List.of(
                        command,
                        "--rules",
                        session.file("rules.nft", rules),
                        "-f",
                        TABLES.resolve("cluster.yaml").toString(),
                        "--config",
                        folder.resolve("config.yaml").toString(),
                        "--node-name",
                        "node-a",
                        "--local-addresses",
                        "192.168.0.10,fd00:192:168::10"),
                more);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void doWhatTheObjectsRequire(String version) throws IOException {
        int status = run("verify", Files.readString(TABLES.resolve(version + ".nft")));

        if (version.equals(FAULTY)) {
            assertThat(status).isEqualTo(1);
            assertThat(session.out)
                    .contains("Verified 200 packets to 14 Services: 8 wrong, 2 Services affected.")
                    .contains("Service default/elsewhere:http/tcp\n", "Service default/local:http/tcp\n")
                    .doesNotContain("doubt");
        } else {
            assertThat(status).as(session.out).isZero();
            assertThat(session.out).contains("Verified 200 packets to 14 Services: all as expected.");
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void areNotAcceptedWithAWrongEndpoint(String version) throws IOException {
        String rules = Files.readString(TABLES.resolve(version + ".nft"))
                .replace("10.244.2.12", "10.244.2.99")
                .replace("fd00:10:244:2::12", "fd00:10:244:2::99");

        assertThat(run("verify", rules, "-o", "json")).isEqualTo(1);
        Map<?, ?> answer = Json.read(session.out, Map.class);
        assertThat((List<?>) answer.get("findings"))
                .anySatisfy(
                        finding -> assertThat(finding.toString()).contains("default/plain:http/tcp", "10.244.2.99"));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void areTraced(String version) throws IOException {
        String rules = Files.readString(TABLES.resolve(version + ".nft"));

        assertThat(run("trace", rules, "--from", "203.0.113.9", "--to", "192.168.0.10", "--port", "30080"))
                .as(session.err)
                .isZero();
        assertThat(session.out).contains("10.244.1.11:8080", "10.244.2.11:8080");
        assertThat(run("trace", rules, "--from", "fd00:10:244:1::9", "--to", "fd00:10:96::a", "--port", "80"))
                .as(session.err)
                .isZero();
        assertThat(session.out).contains("[fd00:10:244:1::11]:8080", "[fd00:10:244:2::12]:8080");
    }
}
