package io.fairlead.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests that classes and modules are not too long to be read (docs/decisions/0018-modules.md). */
final class SizeTest {
    /** The maximum number of lines in a file, including comments. */
    private static final int LONGEST_CLASS = 350;

    /** The maximum number of lines of code in a module, without comments and empty lines. */
    private static final int LARGEST_MODULE = 7000;

    private static List<Path> mainClasses() {
        return ProjectFiles.all(
                file -> file.toString().contains("/src/main/java/") && ProjectFiles.endsWith(file, ".java"));
    }

    @Test
    void classesHaveAtMost350Lines() {
        List<String> tooLong = new ArrayList<>();
        for (Path file : mainClasses()) {
            int lines = ProjectFiles.lines(file).size();
            if (lines > LONGEST_CLASS) {
                tooLong.add(file + ": " + lines);
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void modulesHaveAtMost7000LinesOfCode() {
        Map<String, Long> modules = new TreeMap<>();
        for (Path file : mainClasses()) {
            String path = file.toString();
            long code =
                    ProjectFiles.lines(file).stream().filter(SizeTest::isCode).count();
            modules.merge(path.substring(0, path.indexOf("/src/main/")), code, Long::sum);
        }
        assertThat(modules).containsKeys("rules-core", "node-agent/agent");
        assertThat(modules)
                .allSatisfy((module, lines) -> assertThat(lines).as(module).isBetween(1L, (long) LARGEST_MODULE));
    }

    private static boolean isCode(String line) {
        String text = line.strip();
        return !text.isEmpty()
                && !text.startsWith("//")
                && !text.startsWith("/*")
                && !text.startsWith("* ")
                && !text.equals("*")
                && !text.equals("*/");
    }
}
