package io.fairlead.cluster.connection;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if a certificate, key or token cannot be used now. The request that needs it fails in the same way as with a
 * failed connection.
 */
public final class CredentialException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    CredentialException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
