package io.fairlead.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The inputs in the repository: for each reader a folder with ordinary ones and with former findings. */
final class Corpus {
    static final Path FOLDER = Path.of(System.getProperty("fuzz.corpus"));

    private Corpus() {}

    static List<Path> of(FuzzedReader reader) {
        try (Stream<Path> files = Files.list(FOLDER.resolve(reader.folder()))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
