package io.fairlead.demo;

import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.cluster.objects.ClusterReader;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.core.cluster.ClusterState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The objects that are in the cluster now. The demo adds and replaces them step by step. They are in YAML files in the
 * folder of this class. {@code fairlead render -f} accepts these files too.
 */
final class Manifests {
    /** For each added file, the file that replaces it now; the file itself if it was not replaced. */
    private final TreeMap<String, String> current = new TreeMap<>();

    /** Adds a file. */
    void add(String file) {
        current.put(file, file);
    }

    /** Replaces an added file by another file. */
    void replace(String file, String by) {
        if (current.replace(file, by) == null) {
            throw new IllegalArgumentException("file was not added: " + file);
        }
    }

    /**
     * Returns the cluster state that all files together describe.
     *
     * @throws IllegalStateException if a file has a problem
     */
    ClusterState state() {
        String text = current.values().stream().map(Manifests::text).collect(Collectors.joining("\n---\n"));
        ClusterReader reader =
                new ClusterReader(false, false, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        try {
            ClusterInput input = reader.read(List.of(ClusterReader.STANDARD_INPUT));
            if (!input.problems().isEmpty()) {
                throw new IllegalStateException(
                        input.problems().stream().map(Problem::text).collect(Collectors.joining("; ")));
            }
            return input.state();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the text of a file. */
    static String text(String file) {
        try (InputStream stream = Manifests.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalArgumentException("no such file: " + file);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
