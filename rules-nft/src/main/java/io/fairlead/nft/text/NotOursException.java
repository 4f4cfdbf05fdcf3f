package io.fairlead.nft.text;

import java.io.Serial;

/**
 * Thrown if a text is not a statement, element or declaration that Fairlead writes. It is always caught inside this
 * package.
 */
final class NotOursException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    NotOursException(String text) {
        super(text, null, false, false);
    }
}
