package io.fairlead.cluster.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DocumentsTest {

    private static List<Documents.Document> read(String text) {
        return Documents.read("in.yaml", text);
    }

    private static List<Object> trees(String text) {
        return read(text).stream().map(Documents.Document::tree).toList();
    }

    @Test
    void cutsYamlAtDocumentMarkers() {
        assertThat(trees("a: 1\n---\nb: 2\n---\n# only a comment\n---\n\n--- # named\nc: 3\n...\n"))
                .containsExactly(Map.of("a", 1), Map.of("b", 2), Map.of("c", 3));
    }

    @Test
    void keepsDirectivesWithTheirDocument() {
        assertThat(trees("%YAML 1.2\n---\na: 1\n---\nb: 2\n")).containsExactly(Map.of("a", 1), Map.of("b", 2));
    }

    @Test
    void aDocumentMayStartOnTheMarkerLine() {
        assertThat(trees("--- {a: 1}\n--- {b: 2}\n")).containsExactly(Map.of("a", 1), Map.of("b", 2));
    }

    @Test
    void markersInsideIndentedTextAreContent() {
        assertThat(trees("a: |\n  ---\n  x\n")).containsExactly(Map.of("a", "---\nx\n"));
    }

    @Test
    void readsJsonValuesOneAfterTheOther() {
        assertThat(trees("{\"a\": 1}\n{\"b\": [true, null]}"))
                .hasSize(2)
                .first()
                .isEqualTo(Map.of("a", 1));
    }

    @Test
    void yamlThatLooksLikeJsonIsReadAsYaml() {
        assertThat(trees("{a: 1, b: [x, y]}")).containsExactly(Map.of("a", 1, "b", List.of("x", "y")));
    }

    @Test
    void anErrorAffectsOneDocumentAndIsReportedWithTheLineOfTheFile() {
        List<Documents.Document> documents = read("a: 1\n---\nb: [1,\nc: }\n---\nd: 4\n");

        assertThat(documents).hasSize(3);
        assertThat(documents.get(1).error()).startsWith("not YAML, line 4, column ");
        assertThat(documents.get(1).position().text()).isEqualTo("in.yaml, document 2");
        assertThat(documents.get(2).tree()).isEqualTo(Map.of("d", 4));
    }

    @Test
    void aDuplicateKeyAffectsOneDocument() {
        assertThat(read("a: 1\na: 2\n").getFirst().error()).contains("line 2").contains("duplicate key");
    }

    @Test
    void reportsTheLineOfBrokenJson() {
        List<Documents.Document> documents = read("{\"a\": 1}\n{\"b\": \n  oops}");

        assertThat(documents.getFirst().tree()).isEqualTo(Map.of("a", 1));
        assertThat(documents.get(1).error()).startsWith("not JSON, line 3: ");
    }

    @Test
    void ignoresAByteOrderMark() {
        assertThat(trees("\ufeffa: 1\n")).containsExactly(Map.of("a", 1));
    }

    @Test
    void anEmptyTextHasNoDocument() {
        assertThat(read("")).isEmpty();
        assertThat(read("---\n---\n# nothing\n")).isEmpty();
    }

    @Test
    void readsADocumentOverTheParsersDefaultLimit() {
        String large = "items:\n" + "- {name: some-name-to-fill-the-line, value: 0123456789}\n".repeat(70_000);

        assertThat(large.length()).isGreaterThan(3 * 1024 * 1024);
        assertThat(read(large).getFirst().error()).isEmpty();
    }
}
