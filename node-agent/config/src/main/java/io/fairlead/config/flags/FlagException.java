package io.fairlead.config.flags;

import java.io.Serial;
import java.util.List;

/** Values of flags that cannot be what they say they are; all of them at once. */
public final class FlagException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    FlagException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each with its flag. */
    public List<String> problems() {
        return problems;
    }
}
