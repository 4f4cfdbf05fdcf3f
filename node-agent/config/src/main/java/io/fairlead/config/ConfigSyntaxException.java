package io.fairlead.config;

import java.io.Serial;

/** Thrown if a text is neither YAML nor JSON, or if it has a value that kube-proxy's parser refuses. */
final class ConfigSyntaxException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param line the line of the error, from 1; 0 if the line is not known
     */
    ConfigSyntaxException(int line, String message) {
        super((line > 0 ? "line " + line + ": " : "") + message);
    }
}
