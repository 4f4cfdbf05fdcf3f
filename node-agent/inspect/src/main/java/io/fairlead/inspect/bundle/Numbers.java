package io.fairlead.inspect.bundle;

import java.util.Optional;

/** Parses numbers in files of the kernel. */
final class Numbers {
    private Numbers() {}

    /** Parses a decimal number. Returns empty if the text is not a number. */
    static Optional<Long> parse(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }
}
