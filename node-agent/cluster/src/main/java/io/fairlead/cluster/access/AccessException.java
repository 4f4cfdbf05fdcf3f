package io.fairlead.cluster.access;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Thrown if the files and settings do not describe a usable API server. The message is one line for an operator. */
public final class AccessException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Creates an exception with its cause; null if there is no cause. */
    public AccessException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
