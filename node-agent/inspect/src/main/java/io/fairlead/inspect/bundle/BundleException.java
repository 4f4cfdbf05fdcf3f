package io.fairlead.inspect.bundle;

import java.io.Serial;

/** A file is not a bundle, or a broken one. */
public final class BundleException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    BundleException(String message) {
        super(message);
    }
}
