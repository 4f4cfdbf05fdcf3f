package io.fairlead.agent.logging;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logger for messages of the agent as a whole. All its lines have the source "agent", independent of the class that
 * logs them.
 */
public final class AgentLog {
    /** The logger with the source "agent". */
    public static final Logger LOG = LoggerFactory.getLogger("io.fairlead.agent");

    private AgentLog() {}
}
