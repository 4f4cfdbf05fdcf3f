package io.fairlead.conntrack;

import java.io.Serial;

/**
 * The kernel's table of flows could not be read or changed. The message says what was tried and what the kernel
 * answered.
 */
final class ConntrackException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    ConntrackException(String message) {
        super(message);
    }

    ConntrackException(String message, Throwable cause) {
        super(message, cause);
    }
}
