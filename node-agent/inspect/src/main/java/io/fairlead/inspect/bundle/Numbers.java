package io.fairlead.inspect.bundle;

import java.util.Optional;

/** Numbers in files of the kernel. */
final class Numbers {
    private Numbers() {}

    /** Returns a number; empty if the text is none. */
    static Optional<Long> parse(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }
}
