package io.fairlead.cluster.access;

import java.util.ArrayList;
import java.util.List;

/** Collects all errors and warnings about the settings, so that an operator sees all of them together. */
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
     * Throws an exception if an error was reported.
     *
     * @throws AccessException with all reported errors in its message
     */
    void check() {
        if (!errors.isEmpty()) {
            throw new AccessException(String.join("; ", errors), null);
        }
    }
}
