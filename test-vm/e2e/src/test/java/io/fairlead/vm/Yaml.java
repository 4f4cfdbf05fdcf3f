package io.fairlead.vm;

import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.cluster.objects.ClusterReader;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.core.cluster.ClusterState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Reads Kubernetes objects for tests, as a user's files are read. */
final class Yaml {

    private Yaml() {}

    /** Reads a file next to this class. */
    static ClusterState resource(String file) throws IOException {
        try (InputStream stream = Objects.requireNonNull(Yaml.class.getResourceAsStream(file), file)) {
            return read(stream);
        }
    }

    /** Reads a YAML text. */
    static ClusterState text(String yaml) throws IOException {
        return read(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
    }

    private static ClusterState read(InputStream stream) throws IOException {
        ClusterInput input = new ClusterReader(false, false, stream).read(List.of(ClusterReader.STANDARD_INPUT));
        // Warnings are accepted. A warning concerns a part that is served in another way, such as an unreadable source
        // range.
        List<Problem> errors = input.problems().stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .toList();
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(errors.toString());
        }
        return input.state();
    }
}
