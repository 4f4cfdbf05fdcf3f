package io.fairlead.ui;

import java.io.Serial;

/** A question has no answer. The message says why, for people. */
public final class QuestionFailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Creates the exception. */
    public QuestionFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
