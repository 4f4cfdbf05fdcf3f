package io.fairlead.core.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests that the version is defined only in pom.xml, and that the changelog has an entry for it. */
final class VersionTest {
    private static final String VERSION = first(Path.of("pom.xml"), "<revision>(.*)</revision>");

    /** The version without "-SNAPSHOT". Between two releases, documents name either the last or the next release. */
    private static final String RELEASE = VERSION.replace("-SNAPSHOT", "");

    private static String first(Path file, String pattern) {
        return all(file, pattern).getFirst();
    }

    private static List<String> all(Path file, String pattern) {
        return Pattern.compile(pattern)
                .matcher(String.join("\n", ProjectFiles.lines(file)))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void theChangelogHasThisRelease() {
        assertThat(all(Path.of("CHANGELOG.md"), "(?m)^## \\[(\\d[^\\]]*)]"))
                .first()
                .satisfies(newest -> assertThat(VERSION.endsWith("-SNAPSHOT") || newest.equals(RELEASE))
                        .as("%s is the newest release in CHANGELOG.md, and pom.xml has %s", newest, VERSION)
                        .isTrue());
    }

    @Test
    void everyModuleHasTheVersionOfTheParent() {
        assertThat(ProjectFiles.all(file -> ProjectFiles.endsWith(file, "pom.xml")))
                .allSatisfy(file -> assertThat(first(file, "<version>(.*?)</version>"))
                        .as("%s", file)
                        .isEqualTo("${revision}"));
    }

    /**
     * The test cluster's kubelets and its API server are built from two Go modules. Both must use the same version of
     * Kubernetes.
     */
    @Test
    void bothGoModulesOfKubernetesHaveOneVersion() {
        String kubernetes = "(?m)k8s\\.io/kubernetes (v\\S+)";

        assertThat(all(Path.of("test-vm/cluster/kubernetes/go.mod"), kubernetes))
                .hasSize(1)
                .isEqualTo(all(Path.of("test-vm/kubernetes/go.mod"), kubernetes));
    }
}
