package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.config.flags.KubeProxyFlag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Checks that docs/configuration.md lists all flags that only Fairlead has, with the values and defaults that the agent
 * uses.
 */
final class OwnFlagsDocTest {
    private static final Set<String> EVERYWHERE = Set.of("--help", "--version");

    /** Returns the rows of the table by option. A row has the cells flag, default and description. */
    private static Map<String, List<String>> documented() throws IOException {
        String text = Files.readString(Path.of("../../docs/configuration.md"), StandardCharsets.UTF_8);
        String section = text.substring(text.indexOf("\n## Fairlead's own flags\n"));
        Map<String, List<String>> rows = new LinkedHashMap<>();
        section.substring(0, section.indexOf("\n## ", 1))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> Arrays.stream(line.split("(?<!\\\\)\\|"))
                        .map(cell -> cell.strip().replace("`", "").replace("\\|", "|"))
                        .skip(1)
                        .toList())
                .forEach(cells -> rows.put(cells.getFirst().split("[ ,]", -1)[0], cells));
        return rows;
    }

    private static List<OptionSpec> own() {
        Set<String> kubeProxys =
                Arrays.stream(KubeProxyFlag.values()).map(KubeProxyFlag::option).collect(Collectors.toSet());
        return new Session(Path.of(""))
                .commandLine().getSubcommands().get("agent").getCommandSpec().options().stream()
                        .filter(option -> !option.hidden())
                        .filter(option -> !kubeProxys.contains(option.longestName())
                                && !EVERYWHERE.contains(option.longestName()))
                        .toList();
    }

    @Test
    void hasEveryFlag() throws IOException {
        Set<String> options = own().stream().map(OptionSpec::longestName).collect(Collectors.toSet());
        options.remove("--recursive"); // documented as -R in the row of --source

        assertThat(documented().keySet()).containsExactlyInAnyOrderElementsOf(options);
    }

    @Test
    void hasTheRightValuesAndDefaults() throws IOException {
        Map<String, List<String>> rows = documented();

        assertThat(own())
                .anySatisfy(option -> assertThat(option.completionCandidates()).isNotNull());
        for (OptionSpec option : own()) {
            if (option.completionCandidates() != null) {
                String values = StreamSupport.stream(
                                option.completionCandidates().spliterator(), false)
                        .collect(Collectors.joining("|"));
                assertThat(rows.get(option.longestName()).getFirst()).isEqualTo(option.longestName() + " " + values);
            }
            if (option.defaultValue() != null) {
                assertThat(rows.get(option.longestName()).get(1))
                        .as(option.longestName())
                        .isEqualTo(option.defaultValue());
            }
        }
    }
}
