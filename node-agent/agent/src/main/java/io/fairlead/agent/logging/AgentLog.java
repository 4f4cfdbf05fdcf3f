package io.fairlead.agent.logging;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of the agent as a whole. Its lines have the source "agent", from whatever class they come. */
public final class AgentLog {
    /** The logger. */
    public static final Logger LOG = LoggerFactory.getLogger("io.fairlead.agent");

    private AgentLog() {}
}
