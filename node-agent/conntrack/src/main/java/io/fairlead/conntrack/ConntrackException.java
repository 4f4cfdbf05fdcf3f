package io.fairlead.conntrack;

import java.io.Serial;

/**
 * The kernel's table of flows could not be read or changed. The message names the operation and the error of the
 * kernel.
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
