package io.fairlead.cluster.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.cluster.ServiceName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterReaderTest {
    @TempDir
    Path folder;

    private static String service(String name) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: default}
                spec: {clusterIP: 10.96.0.1, ports: [{port: 80}]}
                """.formatted(name);
    }

    private static ClusterReader reader(boolean recursive) {
        return new ClusterReader(recursive, false, InputStream.nullInputStream());
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static List<String> names(ClusterInput input) {
        return input.state().services().keySet().stream().map(ServiceName::name).toList();
    }

    @Test
    void readsManifestsOfAFolderButNotOfFoldersInIt() throws IOException {
        write("b.yml", service("b"));
        write("a.yaml", service("a"));
        write("c.json", "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"c\"},\"spec\":{}}");
        write("notes.txt", "nothing to parse: [");
        write(".hidden.yaml", service("hidden"));
        write("more/d.yaml", service("d"));

        assertThat(names(reader(false).read(List.of(folder.toString())))).containsExactly("a", "b", "c");
        assertThat(names(reader(true).read(List.of(folder.toString())))).containsExactly("a", "b", "c", "d");
    }

    @Test
    void aFolderMayBeALink() throws IOException {
        write("releases/1/a.yaml", service("a"));
        Path current = Files.createSymbolicLink(folder.resolve("current"), folder.resolve("releases/1"));

        assertThat(names(reader(false).read(List.of(current.toString())))).containsExactly("a");
        assertThat(names(reader(true).read(List.of(current.toString())))).containsExactly("a");
    }

    @Test
    void readsStandardInputAndSeveralPaths() throws IOException {
        Path file = write("a.yaml", service("a"));
        ClusterReader reader = new ClusterReader(
                false, false, new ByteArrayInputStream(service("from-stdin").getBytes(StandardCharsets.UTF_8)));

        assertThat(names(reader.read(List.of("-", file.toString())))).containsExactly("a", "from-stdin");
    }

    @Test
    void aPathThatDoesNotExistIsAnError() {
        assertThatThrownBy(() ->
                        reader(false).read(List.of(folder.resolve("none.yaml").toString())))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void usesTheFirstOfDuplicateObjectsAcrossFiles() throws IOException {
        write("1.yaml", service("web"));
        write("2.yaml", service("web").replace("10.96.0.1", "10.96.0.2"));

        ClusterInput input = reader(false).read(List.of(folder.toString()));

        assertThat(input.state()
                        .services()
                        .values()
                        .iterator()
                        .next()
                        .clusterIps()
                        .values())
                .extracting(Object::toString)
                .containsExactly("10.96.0.1");
        assertThat(input.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Problem.Severity.ERROR);
            assertThat(problem.source()).endsWith("2.yaml");
            assertThat(problem.object()).isEqualTo("Service default/web");
            assertThat(problem.message()).contains("duplicate").contains("1.yaml");
        });
        assertThat(input.counts().setAside()).isEqualTo(1);
    }

    @Test
    void readsAFileAgainIfItHasChanged() throws IOException {
        Path file = write("a.yaml", service("a"));
        ClusterReader reader = reader(false);
        reader.read(List.of(file.toString()));

        Files.writeString(file, service("a") + "---\n" + service("b"));

        assertThat(names(reader.read(List.of(file.toString())))).containsExactly("a", "b");
    }

    @Test
    void keepsTheLastContentOfAnUnreadableFileIfConfiguredSo() throws IOException {
        Path file = write("a.yaml", service("a"));
        write("b.yaml", service("b"));
        ClusterReader reader = new ClusterReader(false, true, InputStream.nullInputStream());
        reader.read(List.of(folder.toString()));

        Files.writeString(file, "kind: [Service\nmetadata: {");
        ClusterInput input = reader.read(List.of(folder.toString()));

        assertThat(names(input)).containsExactly("a", "b");
        assertThat(input.unreadable()).containsExactly(file.toString());
        assertThat(input.hasErrors()).isTrue();

        Files.writeString(file, service("c"));
        assertThat(names(reader.read(List.of(folder.toString())))).containsExactly("b", "c");
    }

    @Test
    void aFileThatWasNeverReadableIsEmpty() throws IOException {
        write("a.yaml", "kind: [");
        write("b.yaml", service("b"));
        ClusterReader reader = new ClusterReader(false, true, InputStream.nullInputStream());

        assertThat(names(reader.read(List.of(folder.toString())))).containsExactly("b");
    }
}
