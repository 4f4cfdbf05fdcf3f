package io.fairlead.agent;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.conntrack.TableFill;
import org.slf4j.Logger;

/** Logs a warning when the kernel's table of connections is nearly full. */
record ConnectionTableListener(TableFill table) implements RoundListener {
    private static final Logger LOG = AgentLog.LOG;

    @Override
    public void after(RoundResult result) {
        table.warning().ifPresent(LOG::warn);
    }
}
