package io.fairlead.explain.read.nft;

import java.io.Serial;

/** The meaning of a part of a rule is unknown. The part is then kept as text. */
final class NotUnderstoodException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    NotUnderstoodException() {
        super(null, null, false, false);
    }
}
