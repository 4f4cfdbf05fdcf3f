package io.fairlead.config;

import java.io.Serial;

/** A text that is neither YAML nor JSON, or has a value that neither can have. */
final class ConfigSyntaxException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** An exception at this line, counted from 1; 0 means no line. */
    ConfigSyntaxException(int line, String message) {
        super((line > 0 ? "line " + line + ": " : "") + message);
    }
}
