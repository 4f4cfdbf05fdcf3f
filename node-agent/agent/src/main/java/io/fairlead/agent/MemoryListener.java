package io.fairlead.agent;

import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.process.IdleMemory;

/**
 * Releases memory after a large round, when no change waits. Only a full garbage collection releases the garbage of the
 * round and unloads classes that only such a round needs. The serial collector would not start a full collection for
 * hours.
 */
final class MemoryListener implements RoundListener {

    @Override
    public void after(RoundResult result) {
        // Memory is released only when no change waits.
    }

    @Override
    public void idle() {
        System.gc();
        IdleMemory.release();
    }
}
