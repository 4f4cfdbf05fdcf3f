package io.fairlead.cluster.access;

import java.util.Arrays;
import java.util.List;

/**
 * The kubeconfig files to read.
 *
 * @param paths the paths of the files, in the order of their precedence: if two files have an entry with the same name,
 *     the entry of the first file is used, as in client-go
 * @param mayBeMissing whether a file that does not exist is skipped with a warning; otherwise it is an error
 */
public record KubeconfigFiles(List<String> paths, boolean mayBeMissing) {
    /** No kubeconfig file. The address of {@code --master} or the service account of the pod is used instead. */
    public static final KubeconfigFiles NONE = new KubeconfigFiles(List.of(), false);

    /** Copies the list. */
    public KubeconfigFiles {
        paths = List.copyOf(paths);
    }

    /**
     * Returns the file that {@code --kubeconfig} names. The file must exist. Returns {@link #NONE} if the path is "".
     */
    public static KubeconfigFiles of(String path) {
        return path.isEmpty() ? NONE : new KubeconfigFiles(List.of(path), false);
    }

    /**
     * Returns the files that the environment variable KUBECONFIG names.
     *
     * @param variable the value of the variable: paths that are separated by colons, as in kubectl
     */
    public static KubeconfigFiles list(String variable) {
        return new KubeconfigFiles(
                Arrays.stream(variable.split(":"))
                        .filter(path -> !path.isEmpty())
                        .distinct()
                        .toList(),
                true);
    }
}
