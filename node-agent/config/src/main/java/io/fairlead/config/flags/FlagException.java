package io.fairlead.config.flags;

import java.io.Serial;
import java.util.List;

/** Thrown if flags have values that cannot be used. The message contains all problems. */
public final class FlagException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    FlagException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Returns the problems, each with the name of its flag. */
    public List<String> problems() {
        return problems;
    }
}
