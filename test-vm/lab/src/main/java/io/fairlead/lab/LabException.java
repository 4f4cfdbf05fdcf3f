package io.fairlead.lab;

import java.io.Serial;

/** Thrown if the lab cannot be built or used, because a command failed or a namespace cannot be entered. */
public final class LabException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    LabException(String message) {
        super(message);
    }

    LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
