package io.fairlead.agent.sysctl;

import java.io.Serial;
import java.util.List;

/**
 * Thrown if settings of the node could not be written. The message names the settings, the reasons, and what an
 * operator can do.
 */
public final class SetupException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient List<String> failures;

    SetupException(List<String> failures) {
        super(String.join("; ", failures));
        this.failures = List.copyOf(failures);
    }

    /** Returns one sentence for each setting. */
    public List<String> failures() {
        return failures;
    }
}
