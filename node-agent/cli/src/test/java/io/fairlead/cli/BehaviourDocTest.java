package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Checks that docs/behaviour.md is complete, that the tests that it names exist and run, and that only few statements
 * are refused.
 */
final class BehaviourDocTest {
    /** The folder of the project. Maven's Surefire runs tests in the folder of the module. */
    private static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();

    private static final Map<String, Integer> STATEMENTS = Map.ofEntries(
            Map.entry("SVC", 35),
            Map.entry("EPS", 18),
            Map.entry("TP", 25),
            Map.entry("LBF", 22),
            Map.entry("NP", 21),
            Map.entry("EXTIP", 6),
            Map.entry("MQ", 17),
            Map.entry("NEH", 10),
            Map.entry("PROTO", 11),
            Map.entry("AFF", 14),
            Map.entry("IPT", 29),
            Map.entry("NFT", 31),
            Map.entry("CT", 16),
            Map.entry("SYNC", 19),
            Map.entry("CLN", 8),
            Map.entry("CFG", 17),
            Map.entry("API", 17),
            Map.entry("FLG", 8),
            Map.entry("MET", 6),
            Map.entry("HTTP", 11),
            Map.entry("EVT", 7),
            Map.entry("EDGE", 28),
            Map.entry("RNG", 3),
            Map.entry("SPLIT", 8),
            Map.entry("RST", 1),
            Map.entry("MODE", 1),
            Map.entry("KEEP", 1));

    private static final Pattern ROW =
            Pattern.compile("\\| ([A-Z]+-\\d+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|");
    private static final Pattern STATUS = Pattern.compile("kept|open|n/a|refused: \\S.*");
    private static final Pattern NAMED = Pattern.compile("`(\\w+)(?:\\.(\\w+))?(?:\\(([\\w-]+)\\))?`");

    private enum Status {
        KEPT,
        OPEN,
        REFUSED
    }

    /** A statement: one row of a table in docs/behaviour.md. */
    private record Statement(String id, List<String> modes, String test) {

        Status status() {
            if (modes.stream().anyMatch(mode -> mode.startsWith("refused"))) {
                return Status.REFUSED;
            }
            return modes.contains("open") ? Status.OPEN : Status.KEPT;
        }

        List<String> tests() {
            return status() == Status.KEPT ? List.of(test.split(", ")) : List.of();
        }
    }

    private static List<String> lines = List.of();
    private static List<Statement> statements = List.of();

    /** The texts of the test classes, by the name of the class. Several modules may have a class with the same name. */
    private static Map<String, List<String>> sources = Map.of();

    private static List<Path> resources = List.of();

    @BeforeAll
    static void read() throws IOException {
        lines = Files.readAllLines(PROJECT.resolve("docs/behaviour.md"));
        statements = lines.stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> new Statement(row.group(1), List.of(row.group(3), row.group(4)), row.group(5)))
                .toList();
        Map<String, List<String>> found = new TreeMap<>();
        for (Path file : under("src/test/java")) {
            String name = file.getFileName().toString();
            if (name.endsWith(".java")) {
                found.computeIfAbsent(name.substring(0, name.length() - ".java".length()), _ -> new ArrayList<>())
                        .add(Files.readString(file));
            }
        }
        sources = found;
        resources = under("src/test/resources");
    }

    private static List<Path> under(String folder) throws IOException {
        List<Path> modules;
        try (Stream<Path> folders = Files.walk(PROJECT, 2)) {
            modules = folders.map(module -> module.resolve(folder))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList();
        }
        List<Path> all = new ArrayList<>();
        for (Path module : modules) {
            try (Stream<Path> files = Files.walk(module)) {
                files.forEach(all::add);
            }
        }
        return all;
    }

    @Test
    void hasEveryStatementOnce() {
        List<String> expected = STATEMENTS.entrySet().stream()
                .flatMap(group ->
                        IntStream.rangeClosed(1, group.getValue()).mapToObj(number -> group.getKey() + "-" + number))
                .toList();

        assertThat(statements).extracting(Statement::id).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(lines.stream().filter(line -> line.matches("\\|\\s*[A-Z]+-.*")))
                .as("every line with an id is understood")
                .hasSize(statements.size());
    }

    @Test
    void everyStatusIsOneOfFour() {
        assertThat(statements)
                .allSatisfy(statement ->
                        assertThat(statement.modes()).as(statement.id()).allMatch(STATUS.asMatchPredicate()));
        assertThat(statements)
                .extracting(Statement::modes)
                .as("a statement is a matter of some mode")
                .doesNotContain(List.of("n/a", "n/a"));
    }

    @Test
    void keptStatementsNameTestsThatExist() {
        List<String> missing = statements.stream()
                .flatMap(statement -> statement.tests().stream()
                        .filter(test -> !exists(test))
                        .map(test -> statement.id() + ": " + test))
                .toList();

        assertThat(missing).isEmpty();
    }

    @Test
    void otherStatementsNameNoTests() {
        for (Statement statement : statements) {
            switch (statement.status()) {
                case KEPT -> assertThat(statement.tests()).as(statement.id()).isNotEmpty();
                case OPEN -> assertThat(statement.test()).as(statement.id()).isEqualTo("open");
                case REFUSED -> assertThat(statement.test()).as(statement.id()).isEqualTo("none");
            }
        }
    }

    @Test
    void refusesFewAndHasTheRightCounts() {
        Map<Status, Long> counts = new EnumMap<>(Status.class);
        Arrays.stream(Status.values()).forEach(status -> counts.put(status, 0L));
        statements.forEach(statement -> counts.merge(statement.status(), 1L, Long::sum));
        String text = counts.entrySet().stream()
                .map(count -> count.getKey().name().toLowerCase(Locale.ROOT) + " " + count.getValue())
                .collect(Collectors.joining(", "));
        System.out.println("behaviour: " + text);

        assertThat(counts.get(Status.REFUSED) * 20).as(text).isLessThanOrEqualTo(statements.size());
        assertThat(String.join(" ", lines))
                .contains(counts.get(Status.KEPT) + " are kept, " + counts.get(Status.OPEN) + " open, "
                        + counts.get(Status.REFUSED) + " refused")
                .contains("in " + statements.size() + " statements");
    }

    @Test
    void testsOfTheThreatModelExist() throws IOException {
        List<String> named = Pattern.compile("`[A-Z]\\w*Test(?:\\.\\w+)?(?:\\([\\w-]+\\))?`")
                .matcher(Files.readString(PROJECT.resolve("docs/threat-model.md")))
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(named).hasSizeGreaterThan(15).allMatch(test -> exists(test) || isClass(test));
    }

    private static boolean isClass(String named) {
        return sources.containsKey(named.replace("`", ""));
    }

    /** Returns whether a test exists: the class, and the method and case if they are named. */
    private static boolean exists(String named) {
        Matcher test = NAMED.matcher(named);
        if (!test.matches() || (test.group(2) == null && test.group(3) == null)) {
            return false;
        }
        Collection<String> texts = sources.getOrDefault(test.group(1), List.of());
        boolean method =
                test.group(2) == null ? !texts.isEmpty() : texts.stream().anyMatch(text -> isTest(text, test.group(2)));
        return method && (test.group(3) == null || isCase(test.group(1), test.group(3)));
    }

    /**
     * Returns whether a method is a test that runs. The annotations of a method are between the method and the blank
     * line before it.
     */
    private static boolean isTest(String text, String method) {
        int at = text.indexOf(" void " + method + "(");
        if (at < 0 || isSwitchedOff(text.substring(0, Math.max(0, text.indexOf(" class "))))) {
            return false;
        }
        String annotations = text.substring(text.lastIndexOf("\n\n", at), at);
        return annotations.matches("(?s).*@(Parameterized)?Test\\b.*") && !isSwitchedOff(annotations);
    }

    /**
     * Returns whether annotations disable a test on all machines, or on all machines where a system property or an
     * environment variable is not set. A test that is skipped for other reasons, for example without a kernel, counts
     * as enabled; {@code scripts/statement-tests} finds skipped tests in the test reports.
     */
    private static boolean isSwitchedOff(String annotations) {
        return annotations.matches("(?s).*@(Disabled\\b|Ignore\\b|EnabledIf(SystemProperty|EnvironmentVariable)).*");
    }

    @Test
    void ignoresADisabledTest() {
        String source = "%sfinal class A {\n    int a;\n\n    @Test\n%s    void works() {}\n}\n";
        assertThat(isTest(source.formatted("", ""), "works")).isTrue();
        assertThat(isTest(source.formatted("", "    @Disabled\n"), "works")).isFalse();
        assertThat(isTest(source.formatted("@Disabled(\"later\")\n", ""), "works"))
                .isFalse();
        assertThat(isTest(source.formatted("", ""), "fails")).isFalse();
    }

    private static boolean isCase(String type, String name) {
        if (type.equals("ScenarioTest")) {
            return resources.stream().anyMatch(path -> path.endsWith(Path.of("scenarios", name)));
        }
        return resources.stream().anyMatch(path -> path.getFileName().toString().startsWith(name + "."));
    }
}
