package io.fairlead.cluster.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Iterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

final class BoundedYamlTest {
    private static final LoadSettings SETTINGS = LoadSettings.builder().build();

    private static Node single(String text) {
        return BoundedYaml.single(SETTINGS, text).orElseThrow();
    }

    @Test
    void readsADocumentWithAliases() {
        MappingNode document = (MappingNode) single("a: &x [1, 2]\nb: *x\nc: [*x, *x]\n");

        assertThat(document.getValue()).hasSize(3);
    }

    @Test
    void readsTwoHundredLevels() {
        assertThat(single("[".repeat(200) + "]".repeat(200))).isInstanceOf(SequenceNode.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? "})
    void refusesMoreLevels(String level) {
        assertThatThrownBy(() -> single(level.repeat(100_000)))
                .isInstanceOf(YamlEngineException.class)
                .hasMessageContaining("nested deeper than 200 levels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"&a [*a]", "&a {b: *a}", "a: &a [1, {b: [*a]}]", "&a {<<: *a}"})
    void refusesAValueThatContainsItself(String text) {
        assertThatThrownBy(() -> single(text))
                .isInstanceOf(YamlEngineException.class)
                .hasMessageContaining("a value contains itself through an alias");
    }

    @Test
    void refusesAShortTextThatStandsForMillionsOfValues() {
        StringBuilder text = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i <= 22; i++) {
            text.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
        }

        assertThatThrownBy(() -> single(text.toString()))
                .isInstanceOf(YamlEngineException.class)
                .hasMessageContaining("aliases repeat too much of the document");
    }

    @Test
    void refusesLevelsThatOnlyAliasesMake() {
        StringBuilder text = new StringBuilder("# %s%na0: &a0 [x]%n".formatted("long".repeat(5000)));
        for (int i = 1; i <= 45; i++) {
            text.append("a%d: &a%d [[[[[*a%d]]]]]%n".formatted(i, i, i - 1));
        }

        assertThatThrownBy(() -> single(text.toString())).hasMessageContaining("aliases nest values deeper than 200");
    }

    @Test
    void refusesOneOfSeveralDocuments() {
        Iterator<Node> documents = BoundedYaml.all(SETTINGS, "a: 1\n--- &x [*x]\n");

        assertThat(documents.next()).isInstanceOf(MappingNode.class);
        assertThat(documents.hasNext()).isTrue();
        assertThatThrownBy(documents::next).hasMessageContaining("contains itself");
    }
}
