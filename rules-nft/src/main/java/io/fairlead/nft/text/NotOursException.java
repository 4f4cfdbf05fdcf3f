package io.fairlead.nft.text;

import java.io.Serial;

/** A text is not a statement, element or declaration of a kind that we write. Never leaves the package. */
final class NotOursException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    NotOursException(String text) {
        super(text, null, false, false);
    }
}
