package io.fairlead.explain.read.nft;

import java.io.Serial;

/** A part of a rule has a form whose meaning is unknown; the rest of the rule is kept as text. */
final class NotUnderstoodException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    NotUnderstoodException() {
        super(null, null, false, false);
    }
}
