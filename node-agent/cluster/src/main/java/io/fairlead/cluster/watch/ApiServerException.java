package io.fairlead.cluster.watch;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** No way to an API server, or no answer from it. The message is one sentence for an operator. */
public final class ApiServerException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** With the cause, if there is one. */
    public ApiServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
