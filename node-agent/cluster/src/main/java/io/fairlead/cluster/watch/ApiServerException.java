package io.fairlead.cluster.watch;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if the settings do not describe a usable API server, or if the server does not answer. The message is one line
 * for an operator.
 */
public final class ApiServerException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Creates an exception with its cause; null if there is no cause. */
    public ApiServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
