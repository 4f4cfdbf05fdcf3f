package io.fairlead.cluster.access;

import java.util.Arrays;
import java.util.List;

/**
 * The kubeconfig files to read.
 *
 * @param paths the first file that has an entry wins, as in client-go
 * @param mayBeMissing whether a file that does not exist is left out instead of refused
 */
public record KubeconfigFiles(List<String> paths, boolean mayBeMissing) {
    /** No kubeconfig: the pod's account, or {@code --master} alone. */
    public static final KubeconfigFiles NONE = new KubeconfigFiles(List.of(), false);

    /** Copies the list. */
    public KubeconfigFiles {
        paths = List.copyOf(paths);
    }

    /** One file that must exist, as {@code --kubeconfig} names it; "" is {@link #NONE}. */
    public static KubeconfigFiles of(String path) {
        return path.isEmpty() ? NONE : new KubeconfigFiles(List.of(path), false);
    }

    /** The value of the environment variable KUBECONFIG: paths separated by colons, as kubectl reads it. */
    public static KubeconfigFiles list(String variable) {
        return new KubeconfigFiles(
                Arrays.stream(variable.split(":"))
                        .filter(path -> !path.isEmpty())
                        .distinct()
                        .toList(),
                true);
    }
}
