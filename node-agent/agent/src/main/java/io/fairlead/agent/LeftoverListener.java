package io.fairlead.agent;

import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;

/**
 * Removes the rules of the other mode once, after Fairlead's rules were applied. In this order, every Service has rules
 * at every time (CLN-2).
 */
final class LeftoverListener implements RoundListener {
    private final Runnable remove;
    private boolean done;

    LeftoverListener(Runnable remove) {
        this.remove = remove;
    }

    @Override
    public void after(RoundResult result) {
        if (!done && result.outcome() != RoundResult.Outcome.FAILED) {
            done = true;
            remove.run();
        }
    }
}
