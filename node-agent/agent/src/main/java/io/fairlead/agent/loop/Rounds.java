package io.fairlead.agent.loop;

/** The work of a round: it brings the kernel in step with the plan, or only compares them. For one thread only. */
public interface Rounds {

    /**
     * Runs one round.
     *
     * @param batch what has changed since the last round
     * @param recheck whether the node's addresses and the kernel are read again, even if no object has changed
     */
    RoundResult round(ChangeBatch batch, boolean recheck);

    /**
     * Returns whether the last round failed, so that another one must follow soon although no object changes (SYNC-5).
     */
    boolean isBehind();

    /** Returns whether another program has changed our rules, so that a round must follow. It is cheap. */
    boolean isDisturbed();
}
