package io.fairlead.cluster.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertThat(trees("{a: 1, b: [x, z]}")).containsExactly(Map.of("a", 1, "b", List.of("x", "z")));
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "b: [&x [*x]] | not YAML, line 3, column 5: a value contains itself through an alias",
                "b: &x {<<: *x} | not YAML, line 3, column 4: a value contains itself through an alias"
            })
    void aDocumentThatContainsItselfIsRefusedAlone(String second, String error) {
        List<Documents.Document> documents = read("a: 1\n---\n" + second + "\n---\nc: 3\n");

        assertThat(documents).extracting(Documents.Document::error).containsExactly("", error, "");
    }

    @Test
    void aDocumentThatIsNestedTooDeeplyIsRefused() {
        assertThat(read("a: " + "[".repeat(5000)).getFirst().error())
                .isEqualTo("not YAML, line 1, column 203: values are nested deeper than 200 levels");
    }

    @Test
    void reportsTheLineOfBrokenJson() {
        List<Documents.Document> documents = read("{\"a\": 1}\n{\"b\": \n  oops}");

        assertThat(documents.getFirst().tree()).isEqualTo(Map.of("a", 1));
        assertThat(documents.get(1).error()).startsWith("not JSON, line 3: ");
    }

    /** kubectl and the API server use the rules of YAML 1.1, in which a number with a leading zero is octal. */
    @Test
    void readsScalarsAsKubectlDoes() {
        assertThat(trees("{a: 0120, b: on, c: ~, d: \"0120\", e: 0x1F, f: 1_000, g: 2026-01-01, h: 1.5}"))
                .first()
                .asInstanceOf(MAP)
                .containsEntry("a", 80)
                .containsEntry("b", true)
                .containsEntry("c", null)
                .containsEntry("d", "0120")
                .containsEntry("e", 31)
                .containsEntry("f", 1000)
                .containsEntry("g", "2026-01-01")
                .containsEntry("h", 1.5);
    }

    @Test
    void leavesOutLogsBetweenDocuments() {
        List<Documents.Document> documents = read("""
                {"a": 1}
                ==== START logs for container web of pod shop/web-1 ====
                {"level": "info"
                --- not a document
                ==== END logs for container web of pod shop/web-1 ====
                {"b": 2}
                {"c": oops}
                """);

        assertThat(documents.stream().limit(2).map(Documents.Document::tree))
                .containsExactly(Map.of("a", 1), Map.of("b", 2));
        assertThat(documents.get(2).error()).startsWith("not JSON, line 7: ");
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
