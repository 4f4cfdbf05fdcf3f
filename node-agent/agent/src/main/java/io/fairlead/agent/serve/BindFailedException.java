package io.fairlead.agent.serve;

import java.io.Serial;

/**
 * Thrown if the process cannot listen on an address and the configuration says that this is fatal
 * (bindAddressHardFail).
 */
public final class BindFailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    BindFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
