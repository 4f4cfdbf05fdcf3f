package io.fairlead.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Tests that every link in a document has a target, that every document is linked, and that the classes, make targets
 * and scripts that documents name exist.
 */
final class DocumentationTest {
    private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");
    private static final Pattern CLASS_NAME = Pattern.compile("`([A-Z]\\w*[a-z]\\w*[A-Z]\\w*)(?:\\.\\w+)*(?:\\(\\))?`");
    private static final Pattern MAKE_TARGET = Pattern.compile("\\bmake ([a-z][a-z-]*)\\b");
    /** Matches the module and the test class in an example of {@code make unit}. */
    private static final Pattern UNIT_TEST = Pattern.compile("\\bM=([\\w/-]+) T=(\\w+)");

    private static final Pattern SCRIPT = Pattern.compile("\\bscripts/([a-z][a-z.-]*[a-z])\\b");

    /** Names in documents that look like names of classes, but belong to Kubernetes or to another program. */
    private static final Set<String> NOT_OURS = Set.of(
            "ClusterCIDR",
            "ClusterIP",
            "DaemonSet",
            "EndpointSlice",
            "EndpointSlices",
            "ExternalName",
            "KubeProxyConfiguration",
            "NodeCIDR",
            "NodePort",
            "LoadBalancer",
            "BridgeInterface",
            "InterfaceNamePrefix",
            "ServiceCIDR",
            "WatchService",
            // Feature gates of kube-proxy.
            "AllowServiceExternalIPs",
            "ComponentFlagz",
            "ComponentStatusz",
            "KubeProxyNFTablesLocalhostNodePorts",
            "NFTablesNetlink",
            "LoggingAlphaOptions");

    private static final List<Path> DOCUMENTS = ProjectFiles.all(file -> ProjectFiles.endsWith(file, ".md"));

    private static String text(Path document) {
        return String.join("\n", ProjectFiles.lines(document));
    }

    /** Returns the targets of all links to files of the project, including the anchors. */
    private static List<String> links(Path document) {
        return LINK.matcher(CODE.matcher(text(document)).replaceAll(""))
                .results()
                .map(link -> link.group(1))
                .filter(target -> !target.contains("://") && !target.startsWith("mailto:"))
                .toList();
    }

    private static Path target(Path document, String link) {
        String file = link.replaceFirst("#.*", "");
        if (file.isEmpty()) {
            return document;
        }
        Path folder = document.getParent();
        return (folder == null ? Path.of(file) : folder.resolve(file)).normalize();
    }

    /** Returns the anchors of all headings, as GitHub writes them. */
    private static Set<String> anchors(Path document) {
        return ProjectFiles.lines(document).stream()
                .filter(line -> line.matches("#{1,6} .*"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void linksLeadSomewhere() {
        List<String> broken = new ArrayList<>();
        for (Path document : DOCUMENTS) {
            for (String link : links(document)) {
                Path target = target(document, link);
                int anchor = link.indexOf('#');
                if (!Files.exists(ProjectFiles.ROOT.resolve(target))) {
                    broken.add(document + ": " + link);
                } else if (anchor >= 0 && !anchors(target).contains(link.substring(anchor + 1))) {
                    broken.add(document + ": no such heading: " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void theMapReachesEveryDocument() {
        Set<Path> reached = new TreeSet<>(Set.of(Path.of("docs/README.md")));
        Deque<Path> next = new ArrayDeque<>(reached);
        while (!next.isEmpty()) {
            Path document = next.remove();
            links(document).stream()
                    .map(link -> target(document, link))
                    .filter(target -> ProjectFiles.endsWith(target, ".md") && target.startsWith("docs"))
                    .filter(reached::add)
                    .forEach(next::add);
        }
        assertThat(DOCUMENTS.stream().filter(document -> document.startsWith("docs")))
                .as("documents that docs/README.md does not lead to are not found by a reader")
                .isSubsetOf(reached);
    }

    @Test
    void classesInDesignAndDecisionsExist() {
        Set<String> classes = ProjectFiles.all(file -> ProjectFiles.endsWith(file, ".java")).stream()
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        List<String> unknown = DOCUMENTS.stream()
                .filter(document -> !document.equals(Path.of("docs/behaviour.md")))
                .flatMap(document -> matches(CLASS_NAME, document)
                        .filter(name -> !classes.contains(name) && !NOT_OURS.contains(name))
                        .map(name -> document + ": " + name))
                .distinct()
                .toList();
        assertThat(unknown)
                .as("no class of this name; a renamed class is renamed in the documents too")
                .isEmpty();
    }

    @Test
    void targetsAndScriptsInDocumentsExist() {
        Set<String> targets = ProjectFiles.lines(Path.of("Makefile")).stream()
                .filter(line -> line.matches("[a-z][a-z-]*:.*"))
                .map(line -> line.substring(0, line.indexOf(':')))
                .collect(Collectors.toSet());
        List<String> unknown = DOCUMENTS.stream()
                .flatMap(document -> Stream.concat(
                        CODE.matcher(text(document))
                                .results()
                                .flatMap(code ->
                                        MAKE_TARGET.matcher(code.group()).results())
                                .map(match -> match.group(1))
                                .filter(target -> !targets.contains(target))
                                .map(target -> document + ": make " + target),
                        matches(SCRIPT, document)
                                .filter(script -> !Files.exists(ProjectFiles.ROOT.resolve("scripts/" + script)))
                                .map(script -> document + ": scripts/" + script)))
                .distinct()
                .toList();
        assertThat(unknown).isEmpty();
    }

    @Test
    void testsInExamplesExist() {
        List<Path> tests = ProjectFiles.all(file -> ProjectFiles.endsWith(file, "Test.java"));
        List<String> unknown = new ArrayList<>();
        int examples = 0;
        for (Path file : ProjectFiles.all(file ->
                ProjectFiles.endsWith(file, ".md") || file.startsWith("scripts") || file.equals(Path.of("Makefile")))) {
            for (MatchResult example : UNIT_TEST.matcher(text(file)).results().toList()) {
                examples++;
                if (tests.stream()
                        .noneMatch(test -> test.startsWith(example.group(1))
                                && ProjectFiles.endsWith(test, example.group(2) + ".java"))) {
                    unknown.add(file + ": " + example.group());
                }
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(examples).isPositive();
    }

    private static Stream<String> matches(Pattern pattern, Path document) {
        return pattern.matcher(text(document)).results().map((MatchResult match) -> match.group(1));
    }
}
