package io.fairlead.config.flags;

import java.io.Serial;
import java.util.List;

/** Flags with values that cannot be used. The message has all of them. */
public final class FlagException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    FlagException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Returns the problems, each with its flag. */
    public List<String> problems() {
        return problems;
    }
}
