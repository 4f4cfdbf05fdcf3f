package io.fairlead.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads every input of the corpus. What was once a finding must not become one again. */
final class CorpusTest {

    @TestFactory
    Stream<DynamicTest> readsOrRefusesEachInputWithinItsLimits() {
        return Arrays.stream(FuzzedReader.values())
                .flatMap(reader -> Corpus.of(reader).stream()
                        .map(file -> DynamicTest.dynamicTest(
                                reader.folder() + "/" + file.getFileName(),
                                () -> Limits.ORDINARY.check(reader, Corpus.content(file)))));
    }

    @ParameterizedTest
    @EnumSource
    void eachReaderHasInputs(FuzzedReader reader) {
        assertThat(Corpus.of(reader)).hasSizeGreaterThan(1);
    }
}
