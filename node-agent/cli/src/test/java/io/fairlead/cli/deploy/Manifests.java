package io.fairlead.cli.deploy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the manifests in the folder deploy. */
final class Manifests {
    static final Path FOLDER = Path.of("../../deploy");

    private Manifests() {}

    /** Returns all folders that contain a kustomization.yaml, sorted by name. */
    static List<Path> kustomizations() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.endsWith("kustomization.yaml"))
                    .map(Path::getParent)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the content of a folder's kustomization.yaml. */
    static Map<?, ?> kustomization(Path folder) {
        return Serialization.unmarshal(text(folder.resolve("kustomization.yaml")), Map.class);
    }

    /** Returns the entries of a list in a kustomization. */
    static List<?> list(Map<?, ?> kustomization, String key) {
        return kustomization.get(key) instanceof List<?> entries ? entries : List.of();
    }

    /**
     * Returns the files and folders that a kustomization names: resources, components, and the input files of its
     * generators.
     */
    static List<Path> referenced(Path folder) {
        Map<?, ?> kustomization = kustomization(folder);
        List<Path> files = new ArrayList<>();
        for (String key : List.of("resources", "components")) {
            list(kustomization, key)
                    .forEach(entry -> files.add(folder.resolve(entry.toString()).normalize()));
        }
        for (Object generator : list(kustomization, "configMapGenerator")) {
            list((Map<?, ?>) generator, "files").forEach(entry -> files.add(folder.resolve(entry.toString())));
        }
        return files;
    }

    /** Reads the object of this kind from a file. */
    static <T extends HasMetadata> T read(Class<T> kind, String file) {
        return Serialization.unmarshal(text(FOLDER.resolve(file)), kind);
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
