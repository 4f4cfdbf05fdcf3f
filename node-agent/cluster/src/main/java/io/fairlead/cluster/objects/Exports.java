package io.fairlead.cluster.objects;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Recognises the folders that {@code kubectl cluster-info dump --output-directory} and {@code oc adm must-gather}
 * write. Such a folder contains a folder for each namespace, and large files with events and logs that no command
 * needs.
 */
final class Exports {
    private static final Set<String> LISTS =
            Set.of("services", "endpoints", "endpointslices", "pods", "nodes", "servicecidrs");
    private static final Set<String> FOLDERS = Set.of("nodes", "servicecidrs", "endpointslices");

    private Exports() {}

    /** Returns whether a folder is such an export. */
    static boolean isExport(Path folder) throws IOException {
        return isMustGather(folder) || isClusterInfo(folder);
    }

    /**
     * Returns whether {@code oc adm must-gather} wrote a folder. The folders of the objects are inside the given
     * folder, or inside its subfolder for the image that collected the objects.
     */
    private static boolean isMustGather(Path folder) throws IOException {
        if (Files.isDirectory(folder.resolve("cluster-scoped-resources"))
                && Files.isDirectory(folder.resolve("namespaces"))) {
            return true;
        }
        for (Path inside : folders(folder)) {
            if (Files.isDirectory(inside.resolve("cluster-scoped-resources"))
                    && Files.isDirectory(inside.resolve("namespaces"))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isClusterInfo(Path folder) throws IOException {
        if (!Files.exists(folder.resolve("nodes.json")) && !Files.exists(folder.resolve("nodes.yaml"))) {
            return false;
        }
        for (Path inside : folders(folder)) {
            if (Files.exists(inside.resolve("services.json")) || Files.exists(inside.resolve("services.yaml"))) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isDirectory).toList();
        }
    }

    /** Returns whether a file of an export has objects that a command needs. */
    static boolean isNeeded(Path relative) {
        String name = relative.getFileName().toString();
        Path parent = relative.getParent();
        boolean inNamedFolder =
                parent != null && FOLDERS.contains(parent.getFileName().toString());
        int dot = name.lastIndexOf('.');
        return inNamedFolder || (dot > 0 && LISTS.contains(name.substring(0, dot)));
    }
}
