package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.core.fixture.KernelAccess;
import io.fairlead.linux.node.NodeFacts;
import io.fairlead.linux.process.Capabilities;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.linux.time.SystemTime;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands that judge rules on a node with tables of other programs, where no program nft is installed. */
@Tag("kernel")
final class WithoutNftKernelTest {
    private static final ProcessRunner OUTSIDE = new ExecProcessRunner();
    private static final String OBJECTS = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints: [{addresses: [192.0.2.35]}]
            """;
    private static final String FOREIGN = """
            table inet others {
            	set blocked { type ipv4_addr; flags interval; elements = { 198.51.100.0/24 }; }
            	chain f {
            		type filter hook forward priority 0; policy accept;
            		ipsec in reqid 5 accept
            		ip saddr @blocked tcp dport 8080 log prefix "blocked " drop
            	}
            }
            """;

    @TempDir
    Path folder;

    private final String namespace = "cli-test-" + ProcessHandle.current().pid();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path objects = Path.of("");

    @BeforeEach
    void prepare() throws IOException {
        KernelAccess.require();
        objects = Files.writeString(folder.resolve("objects.yaml"), OBJECTS);
        succeeds(Command.of("ip", "netns", "add", namespace));
        succeeds(Command.of("ip", "-n", namespace, "link", "add", "d0", "type", "veth", "peer", "name", "d1"));
        succeeds(Command.of("ip", "-n", namespace, "link", "set", "d1", "up"));
        succeeds(Command.of("ip", "-n", namespace, "addr", "add", "192.0.2.10/24", "dev", "d0"));
        succeeds(Command.of("ip", "-n", namespace, "link", "set", "d0", "up"));
        succeeds(Command.of("ip", "-n", namespace, "route", "add", "default", "dev", "d0"));
        ProcessResult loaded =
                OUTSIDE.run(Command.of("nft", "-f", "-").withInput(FOREIGN).inNamespace(namespace));
        assumeTrue(loaded.succeeded(), "the rules of another program cannot be loaded: " + loaded.error());
        assertThat(run(
                        "apply",
                        "--proxy-mode",
                        "nftables",
                        "-f",
                        objects.toString(),
                        "--local-addresses",
                        "192.0.2.10"))
                .as(this::printed)
                .isZero();
    }

    @AfterEach
    void remove() {
        OUTSIDE.run(Command.of("ip", "netns", "del", namespace));
    }

    private static void succeeds(Command command) {
        assertThat(OUTSIDE.run(command).succeeded()).as(command.text()).isTrue();
    }

    private String printed() {
        return out.toString() + err;
    }

    private int run(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        Surroundings surroundings = new Surroundings(
                new PrintWriter(out),
                new PrintWriter(err),
                OutputStream.nullOutputStream(),
                new ByteArrayInputStream(new byte[0]),
                Map.of(),
                false,
                () -> "host-1",
                WithoutNftKernelTest::withoutNft,
                WithoutNftKernelTest::withoutNft,
                () -> new Capabilities(-1L),
                _ -> NodeFacts.NONE,
                new SystemTime(),
                new ProductDialects());
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--netns";
        all[words.length + 1] = namespace;
        return Main.run(surroundings, all);
    }

    private static ProcessResult withoutNft(Command command) {
        if (command.text().matches("(.* )?nft( .*)?")) {
            throw new ProgramMissingException("nft", new FileNotFoundException("no such file"));
        }
        return OUTSIDE.run(command);
    }

    @Test
    void packetsAreFollowedThroughTheRulesOfAllPrograms() {
        int status = run("trace", "--from", "198.51.100.7", "--to", "10.96.0.10", "--port", "80");

        assertThat(status).as(this::printed).isZero();
        assertThat(out.toString()).contains("ip kube-proxy services", "inet others f", "drop", "(handle ");
        assertThat(err.toString()).contains("[xfrm] (1)", "does not understand").doesNotContain("cannot run nft");
    }

    @Test
    void rulesAreVerifiedBesideThoseOfAllPrograms() {
        assertThat(run(
                        "verify",
                        "--proxy-mode",
                        "nftables",
                        "-f",
                        objects.toString(),
                        "--local-addresses",
                        "192.0.2.10"))
                .as(this::printed)
                .isZero();
        assertThat(err.toString()).doesNotContain("cannot run nft");
    }

    /** Tests that a bundle that was written without nft contains the rules of other programs too. */
    @Test
    void aBundleHasTheRulesOfAllPrograms() {
        String bundle = folder.resolve("bundle.tar.gz").toString();
        assertThat(run("dump", "-o", bundle)).as(this::printed).isZero();

        assertThat(run(
                        "trace",
                        "--rules",
                        bundle,
                        "--proxy-mode",
                        "nftables",
                        "--from",
                        "198.51.100.7",
                        "--to",
                        "10.96.0.10",
                        "--port",
                        "80"))
                .as(this::printed)
                .isZero();
        assertThat(out.toString()).contains("inet others f", "drop");
    }

    /**
     * Tests that the program nft is used if {@code --nft program} is given. The command then fails and names the
     * program.
     */
    @Test
    void theProgramIsUsedOnlyIfItIsNamed() {
        int status = run(
                "trace",
                "--nft",
                "program",
                "--proxy-mode",
                "nftables",
                "--from",
                "198.51.100.7",
                "--to",
                "10.96.0.10",
                "--port",
                "80");

        assertThat(status).isEqualTo(ExitCode.KERNEL);
        assertThat(printed()).contains("cannot run nft");

        assertThat(run("diff", "--nft", "program", "--proxy-mode", "nftables", "-f", objects.toString()))
                .isEqualTo(ExitCode.KERNEL);
        assertThat(printed()).contains("cannot run nft");
    }
}
