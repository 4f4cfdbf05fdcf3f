package io.fairlead.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Searches inputs that end, stop or swell a reader. Jazzer changes the inputs of the corpus and keeps those that reach
 * new code. The first byte of an input selects the reader, so that "make test" needs one process for all of them.
 * scripts/fuzz runs one reader after the other.
 */
@Tag("fuzz")
final class ReadersFuzzTest {
    private static final Optional<FuzzedReader> ONLY = Optional.of(System.getProperty("fuzz.reader", ""))
            .filter(name -> !name.isEmpty())
            .map(FuzzedReader::valueOf);

    private static final List<FuzzedReader> READERS = ONLY.map(List::of).orElse(List.of(FuzzedReader.values()));

    static Stream<byte[]> inputs() {
        return READERS.stream()
                .flatMap(reader ->
                        Corpus.of(reader).stream().map(Corpus::content).map(content -> selecting(reader, content)));
    }

    private static byte[] selecting(FuzzedReader reader, byte[] content) {
        byte[] input = new byte[content.length + 1];
        input[0] = (byte) READERS.indexOf(reader);
        System.arraycopy(content, 0, input, 1, content.length);
        return input;
    }

    @MethodSource("inputs")
    @FuzzTest(maxDuration = "")
    void readsOrRefusesEveryInput(byte[] input) throws IOException {
        if (input == null || input.length == 0) {
            return;
        }
        FuzzedReader reader = READERS.get((input[0] & 0xff) % READERS.size());
        byte[] content = Arrays.copyOfRange(input, 1, input.length);
        try {
            Limits.INSTRUMENTED.check(reader, content);
        } catch (Throwable e) {
            Path folder = Path.of(System.getProperty("fuzz.workspace"), "findings", reader.folder());
            Files.createDirectories(folder);
            Files.write(folder.resolve(HexFormat.of().toHexDigits(Arrays.hashCode(content))), content);
            throw e;
        }
    }
}
