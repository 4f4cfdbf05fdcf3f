package io.fairlead.agent.serve;

import java.io.Serial;

/** The process cannot listen on an address, and the configuration makes this fatal (bindAddressHardFail). */
public final class BindFailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    BindFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
