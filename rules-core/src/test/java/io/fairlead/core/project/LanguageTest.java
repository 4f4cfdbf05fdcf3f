package io.fairlead.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Tests that code, scripts and documents do not contain the words that docs/glossary.md bans, and that the lines of
 * comments are not too long.
 */
final class LanguageTest {
    /** A banned word, and what to write instead. */
    private record Banned(Pattern word, String instead) {
        Banned(String word, String instead) {
            this(Pattern.compile("\\b(?:" + word + ")\\b", Pattern.CASE_INSENSITIVE), instead);
        }
    }

    private static final List<Banned> BANNED = List.of(
            new Banned("told|tells?", "log, report, distinguish"),
            new Banned("anew", "again; recreate"),
            new Banned("somebody|(?-i:[nN]obody)|everybody|whoever", "another process; no process; every client"),
            new Banned("ought", "must; expected"),
            new Banned("in a row", "linear"),
            new Banned("of (?:before|after)", "old, new"),
            new Banned("look(?:s|ed) at", "check, poll, read"));

    private static final int LONGEST = 120;

    private static boolean isChecked(Path file) {
        String path = file.toString();
        if (path.equals("docs/glossary.md") || ProjectFiles.endsWith(file, "LanguageTest.java")) {
            return false;
        }
        return path.endsWith(".java")
                || path.endsWith(".md")
                || path.endsWith(".yaml")
                || (path.startsWith("scripts/") && !path.endsWith(".txt"))
                || path.startsWith("findings/")
                || path.equals("Makefile")
                || path.equals("fairlead");
    }

    @Test
    void noFileHasABannedWord() {
        assertNothingFound(file -> {
            List<String> found = new ArrayList<>();
            List<String> lines = ProjectFiles.lines(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = ProjectFiles.endsWith(file, ".yaml") ? comment(lines.get(i)) : lines.get(i);
                for (Banned banned : BANNED) {
                    Matcher word = banned.word().matcher(line);
                    if (word.find()) {
                        found.add(file + ":" + (i + 1) + ": \"" + word.group() + "\"; write: " + banned.instead());
                        break;
                    }
                }
            }
            return found;
        });
    }

    @Test
    void linesOfCommentsAndDocumentsAreShort() {
        assertNothingFound(file -> {
            List<String> found = new ArrayList<>();
            boolean document = ProjectFiles.endsWith(file, ".md");
            boolean block = false;
            List<String> lines = ProjectFiles.lines(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                block ^= document && line.startsWith("```");
                boolean prose = document ? !block && !line.startsWith("|") : isComment(line);
                if (prose && line.length() > LONGEST && line.strip().contains(" ")) {
                    found.add(file + ":" + (i + 1) + ": " + line.length() + " characters");
                }
            }
            return found;
        });
    }

    /** Returns the comment in a line of YAML. The rest of the line contains names of objects, which are not prose. */
    private static String comment(String line) {
        return line.contains("#") ? line.substring(line.indexOf('#')) : "";
    }

    private static boolean isComment(String line) {
        String text = line.strip();
        return text.startsWith("//") || text.startsWith("*") || text.startsWith("/*") || text.startsWith("# ");
    }

    /** A check that returns the lines of a file that break a rule. */
    private interface Check {
        List<String> in(Path file);
    }

    private static void assertNothingFound(Check check) {
        assertThat(ProjectFiles.all(LanguageTest::isChecked).stream().flatMap(file -> check.in(file).stream()))
                .isEmpty();
    }

    @Test
    void findsBannedWords() {
        assertThat(isBanned("Rules that somebody else wrote")).isTrue();
        assertThat(isBanned("the rules of before, and of after")).isTrue();
        assertThat(isBanned("a storyteller and a thought")).isFalse();
        assertThat(isBanned("a moment after the sync")).isFalse();
    }

    private static boolean isBanned(String line) {
        return BANNED.stream().anyMatch(banned -> banned.word().matcher(line).find());
    }
}
