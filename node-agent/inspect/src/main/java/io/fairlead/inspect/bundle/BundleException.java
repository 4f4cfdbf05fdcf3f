package io.fairlead.inspect.bundle;

import java.io.Serial;

/** A file or folder is not a bundle, or is a bundle that is broken or too large. */
public final class BundleException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    BundleException(String message) {
        super(message);
    }
}
