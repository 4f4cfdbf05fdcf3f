package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.inspect.bundle.Bundle;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code fairlead dump}, and the commands that read its bundle. */
final class DumpCommandTest {
    private static final String OBJECTS = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop, annotations: {secret: hunter2}}
            spec: {clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints: [{addresses: [10.244.1.35]}]
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: password, namespace: shop}
            data: {password: aHVudGVyMg==}
            """;
    private static final String FOREIGN = """
            table inet others {
            	chain f { # handle 1
            		type filter hook forward priority 0; policy accept;
            		ip saddr 1.0.0.1-223.255.255.254 ip daddr 203.0.113.9 accept # handle 6
            		ip daddr 10.244.1.35 drop # handle 7
            	}
            }
            """;

    @TempDir
    Path folder;

    private Session session;
    private String objects;
    private String bundle;

    @BeforeEach
    void prepare() {
        session = new Session(folder);
        session.realBackends = true;
        objects = session.file("objects.yaml", OBJECTS);
        bundle = folder.resolve("bundle.tar.gz").toString();
        session.run("render", "-f", objects, "--proxy-mode", "nftables", "--local-addresses", "192.0.2.10");
        Map<String, String> outputs = Map.of(
                "nft -a list ruleset",
                session.out + FOREIGN,
                "ip -j addr",
                "[{\"ifname\":\"eth0\",\"addr_info\":[{\"local\":\"192.0.2.10\"}]}]");
        session.kernel = command -> outputs.containsKey(command.text())
                ? new ProcessResult(0, outputs.get(command.text()), "")
                : new ProcessResult(1, "", "not here");
    }

    @Test
    void everyCommandReadsTheBundle() throws IOException {
        assertThat(session.run("dump", "-o", bundle)).isZero();
        assertThat(session.out).startsWith("Wrote " + bundle + ": ");
        assertThat(session.err).contains("warning: ");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(bundle))))
                .isEqualTo("rw-------");

        assertThat(session.run("verify", "--rules", bundle, "-f", objects)).isEqualTo(1);
        assertThat(session.out)
                .contains("inet others f \"ip daddr 10.244.1.35 drop   (handle 7)\" of another program: dropped");
        assertThat(session.run("diff", "--rules", bundle, "-f", objects)).isZero();
        assertThat(session.run("why", "--rules", bundle, "-f", objects, "--from", "10.244.9.9", "--to", "shop/web"))
                .isEqualTo(1);
        assertThat(session.run(
                        "trace", "--rules", bundle, "--from", "10.244.9.9", "--to", "10.96.0.10", "--port", "80"))
                .isZero();
        assertThat(session.out).contains("dropped");
    }

    @Test
    void anAnonymousBundleHoldsItsObjectsAndStillTraces() throws IOException {
        assertThat(session.run("dump", "-o", bundle, "-f", objects, "--anonymise"))
                .isZero();
        try (var in = Files.newInputStream(Path.of(bundle))) {
            assertThat(String.join("\n", Bundle.read("b", in).files().values()))
                    .doesNotContain("10.244.1.35", "10.96.0.10", "192.0.2.10", "203.0.113.9", "1.0.0.1-", "-223.255");
        }
        assertThat(session.run("verify", "--rules", bundle)).isEqualTo(1);
        assertThat(session.out)
                .contains("Service ns-1/svc-1:http/tcp")
                .contains("drop   (handle 7)\" of another program: dropped")
                .doesNotContain("10.244.1.35", "shop", "web");
    }

    @Test
    void writesABundleToStandardOutput() throws IOException {
        assertThat(session.run("dump", "-o", "-")).isZero();
        assertThat(session.out).isEmpty();
        Files.write(Path.of(bundle), session.bytes.toByteArray());
        assertThat(session.run("verify", "--rules", bundle, "-f", objects)).isEqualTo(1);

        session.terminal = true;
        assertThat(session.run("dump", "-o", "-")).isEqualTo(ExitCode.USAGE);
        assertThat(session.err).contains("--output: an archive is not for a terminal");
    }

    @Test
    void noSecretIsInABundle() throws IOException {
        assertThat(session.run("dump", "-o", bundle, "-f", objects)).isZero();
        try (var in = Files.newInputStream(Path.of(bundle))) {
            String all = String.join("\n", Bundle.read("b", in).files().values());
            assertThat(all).contains("10.96.0.10").doesNotContain("hunter2", "aHVudGVyMg", "Secret");
        }
    }

    @Test
    void refusesWhatItCannotWriteOrRead() {
        assertThat(session.run("dump", "-o", folder.resolve("no/such/b.tar.gz").toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(session.err).contains("error: --output: ");
        assertThat(session.run("dump", "-o", bundle, "--connections", "-1")).isEqualTo(ExitCode.USAGE);
        assertThat(session.run("dump", "-o", bundle)).isZero();
        assertThat(session.run("verify", "--rules", bundle, "--rules", bundle, "-f", objects))
                .isEqualTo(ExitCode.USAGE);
        assertThat(session.err).contains("two bundles");
        String broken = session.file("broken.tar.gz", "\u001f\u008b nothing");
        assertThat(session.run("verify", "--rules", broken, "-f", objects)).isEqualTo(ExitCode.USAGE);
    }
}
