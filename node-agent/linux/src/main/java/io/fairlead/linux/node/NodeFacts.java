package io.fairlead.linux.node;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The files and pages of one node, seen from one network namespace. Tests replace it with a fake. Methods throw
 * IllegalStateException if the namespace cannot be entered.
 */
public interface NodeFacts {

    /** A node of which no file and no page can be read. */
    NodeFacts NONE = new NodeFacts() {
        @Override
        public Optional<String> file(String path) {
            return Optional.empty();
        }

        @Override
        public List<String> names(String folder) {
            return List.of();
        }

        @Override
        public Optional<String> link(String path) {
            return Optional.empty();
        }

        @Override
        public Optional<String> page(URI address) {
            return Optional.empty();
        }
    };

    /** Returns the text of a file, at most 1 MiB of it; empty if it cannot be read. */
    Optional<String> file(String path);

    /** Returns the names of the files in a folder, sorted; an empty list if the folder cannot be read. */
    List<String> names(String folder);

    /** Returns the target of a symbolic link as the link contains it; empty if it cannot be read. */
    Optional<String> link(String path);

    /**
     * Returns the text of an HTTP page, at most 1 MiB of it; empty if the status is not 200, or if connecting or a
     * single wait for data lasts more than two seconds.
     */
    Optional<String> page(URI address);
}
