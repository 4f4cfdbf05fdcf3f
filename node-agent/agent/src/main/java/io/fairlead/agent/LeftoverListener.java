package io.fairlead.agent;

import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;

/**
 * Removes the rules of the other mode once, after our own rules were applied, so that no Service is without rules in
 * between (CLN-2). A failure is only logged.
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
