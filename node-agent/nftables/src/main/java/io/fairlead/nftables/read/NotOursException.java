package io.fairlead.nftables.read;

import java.io.Serial;

/**
 * A table contains an object, rule or element that Fairlead does not write. The exception never leaves this package.
 */
final class NotOursException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1;

    NotOursException(String what) {
        super(what);
    }

    /** Omits the stack trace, because the exception is thrown for each foreign rule and never printed. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
