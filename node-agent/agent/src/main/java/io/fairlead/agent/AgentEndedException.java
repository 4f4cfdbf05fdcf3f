package io.fairlead.agent;

import java.io.Serial;

/** The agent cannot continue. It can start again when the cause in the message is fixed. The rules stay. */
public final class AgentEndedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    AgentEndedException(String message) {
        super(message);
    }
}
