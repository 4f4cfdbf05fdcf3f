package io.fairlead.agent;

import java.io.Serial;

/**
 * Thrown if the agent cannot continue. The message names the cause. The agent can be started again when the cause is
 * fixed. The rules stay in the kernel.
 */
public final class AgentEndedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    AgentEndedException(String message) {
        super(message);
    }
}
