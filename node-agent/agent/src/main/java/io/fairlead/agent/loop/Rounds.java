package io.fairlead.agent.loop;

/**
 * The work that is done in each round: updating the rules in the kernel, or only comparing them with the plan. Not
 * thread-safe.
 */
public interface Rounds {

    /**
     * Runs one round.
     *
     * @param batch the objects that have changed since the last round
     * @param recheck whether the node's addresses and the kernel are read again, even if no object has changed
     */
    RoundResult round(ChangeBatch batch, boolean recheck);

    /**
     * Returns whether the last round failed. If it failed, another round must follow soon, even if no object changes
     * (SYNC-5).
     */
    boolean isBehind();

    /** Returns whether another program has changed Fairlead's rules. If so, a round must follow. The call is cheap. */
    boolean isDisturbed();
}
