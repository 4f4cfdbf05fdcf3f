package io.fairlead.core.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files in the checkout of the project, for tests that check all modules and documents together. */
final class ProjectFiles {
    private static final Set<String> OUTPUT_FOLDERS = Set.of("target", ".git", ".fairlead", ".idea", ".vscode");

    /**
     * The folder of the checkout. Maven runs the tests of a module in the folder of the module, so the root is searched
     * from there.
     */
    static final Path ROOT = root();

    private ProjectFiles() {}

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("docs/behaviour.md"))) {
            folder = Objects.requireNonNull(folder.getParent(), "no folder above has docs/behaviour.md");
        }
        return folder;
    }

    /** Returns the matching files below the root, except the output of builds. The paths are relative to the root. */
    static List<Path> all(Predicate<Path> wanted) {
        return below(ROOT).map(ROOT::relativize).filter(wanted).sorted().toList();
    }

    private static Stream<Path> below(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList().stream().flatMap(ProjectFiles::filesOf);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> filesOf(Path child) {
        if (!Files.isDirectory(child)) {
            return Stream.of(child);
        }
        return OUTPUT_FOLDERS.contains(child.getFileName().toString()) ? Stream.of() : below(child);
    }

    /**
     * Returns the lines of a file.
     *
     * @param file a path that {@link #all} returned
     */
    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    static boolean endsWith(Path file, String ending) {
        return file.getFileName().toString().endsWith(ending);
    }
}
