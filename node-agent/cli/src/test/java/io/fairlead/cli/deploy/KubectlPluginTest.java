package io.fairlead.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the kubectl plug-in with a fake kubectl that writes down how it was called. */
final class KubectlPluginTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Path PLUGIN = ROOT.resolve("deploy/kubectl/kubectl-fairlead");
    private static final String FAKE = """
            #!/bin/sh
            for word; do printf '[%s]' "$word"; done >>"$LOG"
            echo >>"$LOG"
            case " $* " in
                *" get pods "*)
                    cat "$PODS"
                    ;;
                *" exec "*)
                    case " $* " in *" -i "*) cat ;; esac
                    echo "answer"
                    case " $* " in *" pod-b "*) exit 1 ;; esac
                    ;;
            esac
            """;

    @TempDir
    Path folder;

    private String out = "";
    private String err = "";

    @BeforeEach
    void prepare() throws IOException {
        Path kubectl = folder.resolve("bin/kubectl");
        Files.createDirectories(kubectl.getParent());
        Files.writeString(kubectl, FAKE);
        Files.setPosixFilePermissions(kubectl, PosixFilePermissions.fromString("rwxr-xr-x"));
        pods("node-a pod-a\nnode-b pod-b\n");
        Files.writeString(folder.resolve("log"), "");
    }

    private void pods(String lines) throws IOException {
        Files.writeString(folder.resolve("pods"), lines);
    }

    private int run(String input, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", PLUGIN.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("LOG", folder.resolve("log").toString());
        builder.environment().put("PODS", folder.resolve("pods").toString());
        Path in = Files.writeString(folder.resolve("in"), input);
        Path outFile = folder.resolve("out");
        Path errFile = folder.resolve("err");
        Process process = builder.redirectInput(in.toFile())
                .redirectOutput(outFile.toFile())
                .redirectError(errFile.toFile())
                .start();
        int status = process.waitFor();
        out = Files.readString(outFile, StandardCharsets.UTF_8);
        err = Files.readString(errFile, StandardCharsets.UTF_8);
        return status;
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(folder.resolve("log"));
    }

    @Test
    void runsTheCommandInThePodOfTheNode() throws Exception {
        assertThat(run("", "why", "--node", "node-a", "--from", "shop/client", "--to", "shop/web it's \"$x\""))
                .isZero();
        assertThat(out).isEqualTo("answer\n");
        assertThat(calls())
                .last()
                .isEqualTo("[exec][-n][kube-system][-c][fairlead][pod-a][--][fairlead][why][--from][shop/client][--to]"
                        + "[shop/web it's \"$x\"]");
        assertThat(run("", "verify", "--node=node-b", "-n", "net", "--context", "lab", "shop/web"))
                .isEqualTo(1);
        assertThat(calls())
                .last()
                .isEqualTo("[--context][lab][exec][-n][net][-c][fairlead][pod-b][--][fairlead][verify][shop/web]");
    }

    @Test
    void handsStandardInputOnOnlyIfTheCommandReadsIt() throws Exception {
        run("objects\n", "verify", "--node", "node-a", "-f", "-");
        assertThat(out).isEqualTo("objects\nanswer\n");
        run("objects\n", "dump", "--node", "node-a", "-o", "-");
        assertThat(out).isEqualTo("answer\n");
    }

    @Test
    void runsOnAllNodesAndKeepsTheWorstStatus() throws Exception {
        assertThat(run("", "verify", "--all-nodes")).isEqualTo(1);
        assertThat(out).isEqualTo("node-a: answer\nnode-b: answer\n");
        assertThat(err).isEmpty();
        assertThat(run("", "dump", "--all-nodes", "-o", "-")).isEqualTo(2);
        assertThat(err).contains("dump writes one archive; give --node");
    }

    @Test
    void asksForANodeIfThereAreSeveral() throws Exception {
        assertThat(run("", "doctor")).isEqualTo(2);
        assertThat(err).contains("several nodes have Fairlead; give --node or --all-nodes: node-a node-b");
        assertThat(run("", "doctor", "--node", "node-c")).isEqualTo(2);
        assertThat(err).contains("no pod of Fairlead on node \"node-c\"; nodes with one: node-a node-b");
        pods("node-a pod-a\n");
        assertThat(run("", "doctor")).isZero();
    }

    @Test
    void saysHowToStartFairleadOnceIfItIsNotThere() throws Exception {
        pods("");

        assertThat(run("", "why", "--node", "node-a", "--from", "a", "--to", "b"))
                .isEqualTo(2);
        assertThat(err)
                .contains("no pod of Fairlead runs in namespace kube-system")
                .contains("kubectl debug node/node-a -it --profile=sysadmin --image=IMAGE -- fairlead why");
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        assertThat(run("", "apply")).isEqualTo(2);
        assertThat(err).contains("no such command: \"apply\"");
        assertThat(run("", "why", "--node")).isEqualTo(2);
        assertThat(err).contains("--node needs a value");
        assertThat(run("", "why", "--node", "a", "--all-nodes")).isEqualTo(2);
        assertThat(err).contains("give either --node or --all-nodes");
        assertThat(run("")).isEqualTo(2);
        assertThat(run("", "--help")).isZero();
        assertThat(out).startsWith("Run a command of Fairlead in its pod on a node.");
        assertThat(calls()).isEmpty();
    }

    @Test
    void theManifestNamesTheArchiveWithItsHash() throws Exception {
        Path target = folder.resolve("krew");
        Process process = new ProcessBuilder(
                        "sh",
                        ROOT.resolve("scripts/kubectl-plugin").toString(),
                        "https://files.example",
                        target.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("built").toFile())
                .start();

        assertThat(process.waitFor())
                .as(() -> {
                    try {
                        return Files.readString(folder.resolve("built"));
                    } catch (IOException e) {
                        return e.toString();
                    }
                })
                .isZero();
        byte[] archive = Files.readAllBytes(target.resolve("kubectl-fairlead.tar.gz"));
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
        assertThat(Files.readString(target.resolve("fairlead.yaml")))
                .contains("uri: https://files.example/kubectl-fairlead.tar.gz")
                .contains("sha256: " + hash)
                .doesNotContain("@");
    }
}
