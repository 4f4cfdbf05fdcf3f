package io.fairlead.agent.watch;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The settings do not say how to reach an API server. The message is one sentence for an operator. */
public final class ApiServerException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    ApiServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
