package io.fairlead.nftables.read;

import java.io.Serial;

/**
 * Thrown if a table contains an object, rule or element that Fairlead does not write. Other packages that use {@link
 * Fields} catch it as IllegalArgumentException.
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
