package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests Services in manifests, which have no address: the warnings about them, and the values that are assumed for
 * them.
 */
final class AssumptionsTest {
    private static final String MANIFEST = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {type: NodePort, selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: headless, namespace: shop}
            spec: {clusterIP: None, ports: [{port: 80}]}
            """;

    @TempDir
    Path folder;

    private Session session;
    private String manifest;
    private String changed;

    @BeforeEach
    void prepare() {
        session = new Session(folder);
        session.realBackends = true;
        manifest = session.file("manifest.yaml", MANIFEST);
        changed = session.file("changed.yaml", MANIFEST.replace("port: 80, targetPort", "port: 8080, targetPort"));
    }

    @Test
    void aServiceWithoutAnAddressIsNamed() {
        assertThat(session.run("render", "-f", manifest, "--node-name", "n")).isZero();
        assertThat(session.err)
                .contains("warning: shop/web has no clusterIP, so it gets no rules")
                .doesNotContain("headless");
        assertThat(session.run(
                        "trace",
                        "--offline",
                        "-f",
                        manifest,
                        "--node-name",
                        "n",
                        "--from",
                        "192.0.2.7",
                        "--to",
                        "192.0.2.8",
                        "--port",
                        "80"))
                .isZero();
        assertThat(session.err).contains("shop/web has no clusterIP");
    }

    @Test
    void anAddressIsAssumedIfARangeIsGiven() {
        String[] words = {
            "render",
            "-f",
            manifest,
            "--node-name",
            "n",
            "--assume-service-cidr",
            "10.200.0.0/16,fd00:200::/112",
            "--assume-endpoints",
            "2",
            "-o",
            "json"
        };

        assertThat(session.run(words)).isZero();
        assertThat(session.err)
                .containsPattern(
                        "note: shop/web has no clusterIP; assumed: clusterIP 10\\.200\\.\\d+\\.\\d+, fd00:200::\\w+, nodePort 3\\d{4}");
        assertThat(session.out).contains("198.18.");
        String first = session.out;
        assertThat(session.run(words)).isZero();
        assertThat(session.out).isEqualTo(first);
    }

    @Test
    void aChangeOfAManifestIsADifference() {
        assertThat(session.run("diff", "--from", manifest, "--to", changed, "--node-name", "n"))
                .isEqualTo(1);
        assertThat(session.out).contains("Service shop/web");
        assertThat(session.err).contains("note: shop/web has no clusterIP; assumed: clusterIP 10.");
        assertThat(session.run("diff", "--from", manifest, "--to", manifest, "--node-name", "n"))
                .isZero();
    }

    @Test
    void anAddressThatIsGivenStays() {
        String with = session.file("with.yaml", MANIFEST.replace("selector:", "clusterIP: 10.96.0.5, selector:"));

        assertThat(session.run("render", "-f", with, "--node-name", "n", "--assume-service-cidr", "10.200.0.0/16"))
                .isZero();
        assertThat(session.err).isEmpty();
        assertThat(session.out).contains("10.96.0.5");
    }

    @Test
    void theFirstRangeOfAFamilyGivesTheAddress() {
        // The second range has no free address. It is not needed, so this is no error.
        assertThat(session.run(
                        "render",
                        "-f",
                        manifest,
                        "--node-name",
                        "n",
                        "--assume-service-cidr",
                        "10.200.0.0/16,10.201.0.0/32"))
                .isZero();
        assertThat(session.err).contains("assumed: clusterIP 10.200.").doesNotContain("10.201.");
    }

    @Test
    void aRangeThatIsNoneIsAnError() {
        assertThat(session.run("render", "-f", manifest, "--node-name", "n", "--assume-service-cidr", "many"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(session.err).contains("--assume-service-cidr: not a CIDR");
        assertThat(session.run("render", "-f", manifest, "--node-name", "n", "--assume-endpoints", "-1"))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void rulesComeFromFiles() {
        String rules = session.file("rules.txt", """
                *filter
                :FORWARD DROP [0:0]
                COMMIT
                [{"ifname":"eth0","addr_info":[{"local":"192.0.2.10"}]}]
                """);

        assertThat(session.run("trace", "--rules", rules, "--from", "192.0.2.7", "--to", "192.0.2.8", "--port", "80"))
                .isZero();
        assertThat(session.out).contains("=> dropped by filter FORWARD \"policy DROP\" of another program");
        assertThat(session.err).isEmpty();
        assertThat(session.processes).isEmpty();
        assertThat(session.run(
                        "trace", "--rules", manifest, "--from", "192.0.2.7", "--to", "192.0.2.8", "--port", "80"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(session.err).contains("manifest.yaml:1:1: not the output of").contains("objects are given with -f");
    }
}
