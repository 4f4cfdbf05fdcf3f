package io.fairlead.cluster.access;

import java.util.Arrays;
import java.util.List;

/**
 * The kubeconfig files to read.
 *
 * @param paths the paths; of two entries with the same name the first file's is used, as in client-go
 * @param mayBeMissing whether a file that does not exist is skipped instead of being an error
 */
public record KubeconfigFiles(List<String> paths, boolean mayBeMissing) {
    /** No kubeconfig: the pod's account is used, or the address of {@code --master} alone. */
    public static final KubeconfigFiles NONE = new KubeconfigFiles(List.of(), false);

    /** Copies the list. */
    public KubeconfigFiles {
        paths = List.copyOf(paths);
    }

    /** Returns one file that must exist, as {@code --kubeconfig} names it. For "" it returns {@link #NONE}. */
    public static KubeconfigFiles of(String path) {
        return path.isEmpty() ? NONE : new KubeconfigFiles(List.of(path), false);
    }

    /** Returns the files that the environment variable KUBECONFIG names. Colons separate the paths, as in kubectl. */
    public static KubeconfigFiles list(String variable) {
        return new KubeconfigFiles(
                Arrays.stream(variable.split(":"))
                        .filter(path -> !path.isEmpty())
                        .distinct()
                        .toList(),
                true);
    }
}
