package io.fairlead.agent;

import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.process.IdleMemory;

/**
 * Releases memory after a large round, when no change waits. The garbage of the round is released only by a full
 * collection, which the serial collector would not start for hours. The same holds for classes that only such a round
 * needs.
 */
final class MemoryListener implements RoundListener {

    @Override
    public void after(RoundResult result) {
        // only when no change waits
    }

    @Override
    public void idle() {
        System.gc();
        IdleMemory.release();
    }
}
