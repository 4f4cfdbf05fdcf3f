package io.fairlead.agent;

import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.process.IdleMemory;

/**
 * Gives memory back after a round over much, once nothing is waiting. What the round leaves is garbage, and a serial
 * collector gives memory back only when it collects everything, which on its own it would not do for hours. The same
 * goes for classes that only such a round needs.
 */
final class MemoryListener implements RoundListener {

    @Override
    public void after(RoundResult result) {
        // only when it is quiet
    }

    @Override
    public void idle() {
        System.gc();
        IdleMemory.release();
    }
}
