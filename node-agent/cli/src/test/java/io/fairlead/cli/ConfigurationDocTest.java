package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.config.flags.KubeProxyFlag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Checks that docs/configuration.md lists all flags and fields with their defaults. */
final class ConfigurationDocTest {
    /** The fields that kube-proxy does not write if they have their defaults. */
    private static final Set<String> UNWRITTEN = Set.of(
            "featureGates",
            "logging.options.json.splitStream",
            "logging.options.text.splitStream",
            "logging.vmodule",
            "windowsRunAsService");

    private static List<String> rows(String heading) throws IOException {
        String text = Files.readString(Path.of("../../docs/configuration.md"), StandardCharsets.UTF_8);
        String section = text.substring(text.indexOf("\n## " + heading + "\n"));
        int end = section.indexOf("\n## ", 1);
        return (end < 0 ? section : section.substring(0, end))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .toList();
    }

    private static String cell(String row, int index) {
        return row.split("\\|", -1)[index + 1].strip();
    }

    @Test
    void hasEveryFlagWithItsDefault() throws IOException {
        List<String> expected = new ArrayList<>();
        Arrays.stream(KubeProxyFlag.values())
                .forEach(flag -> expected.add("| `" + flag.option() + "` | "
                        + (flag.field().isEmpty() ? "" : "`" + flag.field() + "`") + " | "
                        + (flag.defaultText().isEmpty() ? "" : "`" + flag.defaultText() + "`") + " | "
                        + flag.handling().text() + " | " + flag.help() + " |"));

        assertThat(rows("kube-proxy's flags")).containsExactlyElementsOf(expected);
    }

    @Test
    void hasEveryField() throws IOException {
        Set<String> fields = new TreeSet<>(UNWRITTEN);
        String defaults = Files.readString(Path.of("../config/src/test/resources/io/fairlead/config/defaults.yaml"));
        add(fields, "", new Yaml().load(defaults));
        fields.removeAll(Set.of("apiVersion", "kind"));

        List<String> rows = rows("Fields of the file");

        assertThat(rows.stream().map(row -> cell(row, 0).replace("`", ""))).containsExactlyElementsOf(fields);
        assertThat(rows).allSatisfy(row -> assertThat(cell(row, 1)).isIn("honoured", "noted", "warned", "refused"));
    }

    private static void add(Set<String> paths, String path, Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, below) -> add(paths, path.isEmpty() ? String.valueOf(name) : path + "." + name, below));
        } else {
            paths.add(path);
        }
    }
}
