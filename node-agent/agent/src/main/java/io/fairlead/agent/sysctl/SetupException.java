package io.fairlead.agent.sysctl;

import java.io.Serial;
import java.util.List;

/** Something of the node could not be set; the message says which files, why, and what to do. */
public final class SetupException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient List<String> failures;

    SetupException(List<String> failures) {
        super(String.join("; ", failures));
        this.failures = List.copyOf(failures);
    }

    /** One sentence for each file. */
    public List<String> failures() {
        return failures;
    }
}
