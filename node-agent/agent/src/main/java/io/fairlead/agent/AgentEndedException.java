package io.fairlead.agent;

import java.io.Serial;

/** The agent cannot go on and wants to be started again once what the message says is put right; rules stay. */
public final class AgentEndedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    AgentEndedException(String message) {
        super(message);
    }
}
