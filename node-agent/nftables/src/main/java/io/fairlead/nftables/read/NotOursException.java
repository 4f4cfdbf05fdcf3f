package io.fairlead.nftables.read;

import java.io.Serial;

/** Something in a table is not of a kind that Fairlead writes. Never leaves the package. */
final class NotOursException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1;

    NotOursException(String what) {
        super(what);
    }

    /** It is thrown for each foreign rule, and no one prints it. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
