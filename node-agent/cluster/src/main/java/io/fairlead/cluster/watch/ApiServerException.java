package io.fairlead.cluster.watch;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * An API server cannot be reached with these settings, or has not answered. The message is one line for an operator.
 */
public final class ApiServerException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Creates it with its cause, if there is one. */
    public ApiServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
