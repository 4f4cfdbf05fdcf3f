package io.fairlead.config;

import java.io.Serial;

/** A text that is no YAML or no JSON, or says something that neither can. */
final class ConfigSyntaxException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** The line, from 1; without it if that is 0. */
    ConfigSyntaxException(int line, String message) {
        super((line > 0 ? "line " + line + ": " : "") + message);
    }
}
