package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs the command {@code fairlead demo} in a network namespace of its own, which stands for the caller's machine. */
@NeedsRoot
final class DemoTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** An empty folder of plug-ins: the class path has the plug-in of the demo. */
    @TempDir
    Path folder;

    /** Runs the demo, and then prints the rules of the namespace from which it was started. */
    private static final String SCRIPT = """
            ip link set lo up
            "$1" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \\
                -Dfairlead.plugins="$4" -cp "$2" io.fairlead.cli.Main demo --proxy-mode "$3"
            status=$?
            echo "rules of the machine:"
            nft list ruleset
            exit $status
            """;

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void comesOutAsToldAndChangesNoRuleOfTheMachine(ProxyMode mode) throws IOException {
        List<String> before = namespaces();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessResult result = new ExecProcessRunner()
                .run(Command.of(
                                "unshare",
                                "--net",
                                "sh",
                                "-c",
                                SCRIPT,
                                "demo",
                                JAVA.toString(),
                                classPath,
                                mode.text(),
                                folder.toString())
                        .withTimeout(PATIENCE));
        assertThat(result.succeeded()).as("%s", result).isTrue();
        assertThat(result.output())
                .contains("10.110.254.82")
                .contains("because it is headless")
                .doesNotContain("\u001b")
                .endsWith("rules of the machine:\n");
        assertThat(namespaces()).as("network namespaces").containsAll(before).noneMatch(name -> isNew(name, before));
    }

    private static boolean isNew(String name, List<String> before) {
        return name.startsWith("fairlead-demo-") && !before.contains(name);
    }

    private static List<String> namespaces() throws IOException {
        Path folder = Path.of("/run/netns");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> names = Files.list(folder)) {
            return names.map(name -> name.getFileName().toString())
                    .filter(name -> name.startsWith("fairlead-demo-"))
                    .toList();
        }
    }
}
