package io.fairlead.cluster.access;

import java.util.ArrayList;
import java.util.List;

/** Collects all errors and warnings of one reading, so that an operator sees all of them at once. */
final class Remarks {
    private final List<String> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    void error(String text) {
        if (!errors.contains(text)) {
            errors.add(text);
        }
    }

    void warning(String text) {
        if (!warnings.contains(text)) {
            warnings.add(text);
        }
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /**
     * Throws an exception if there was an error.
     *
     * @throws AccessException with all errors
     */
    void check() {
        if (!errors.isEmpty()) {
            throw new AccessException(String.join("; ", errors), null);
        }
    }
}
