package io.fairlead.linux.node;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The files and pages of one node, seen from one network namespace. A fake stands in for a node in tests. */
public interface NodeFacts {

    /** A node that shows nothing. */
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

    /** Returns the names in a folder, sorted; none if it cannot be read. */
    List<String> names(String folder);

    /** Returns where a symbolic link leads; empty if it cannot be read. */
    Optional<String> link(String path);

    /** Returns the text of a page that answers with status 200 within two seconds; empty if there is none. */
    Optional<String> page(URI address);
}
