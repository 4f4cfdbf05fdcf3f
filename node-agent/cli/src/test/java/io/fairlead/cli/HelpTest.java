package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the help of every command with a reviewed file, so that each change of the text is reviewed. */
final class HelpTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/help");

    @TempDir
    Path folder;

    /** Returns the names of the commands. The name "fairlead" means the program without a command. */
    static Stream<String> commands() {
        return Stream.concat(
                Stream.of("fairlead"), new Session(Path.of("")).commandLine().getSubcommands().keySet().stream());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpIsAsReviewed(String command) {
        Session session = new Session(folder);

        int status = command.equals("fairlead") ? session.run("--help") : session.run(command, "--help");

        assertThat(status).isZero();
        Golden.assertMatches(GOLDEN.resolve(command + ".txt"), session.out);
    }

    @Test
    void eachGoldenFileBelongsToACommand() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".txt", "")))
                    .containsExactlyInAnyOrderElementsOf(commands().toList());
        }
    }
}
