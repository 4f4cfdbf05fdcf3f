package io.fairlead.agent.loop;

/** The work of a round: bringing the kernel in step, or comparing it with the plan. One thread only. */
public interface Rounds {

    /**
     * One round.
     *
     * @param batch what has changed since the last round
     * @param recheck whether the node's addresses and the kernel are to be read again, whatever the objects say
     */
    RoundResult round(ChangeBatch batch, boolean recheck);

    /** Whether the last round failed, so that another one is due soon without any change of objects (SYNC-5). */
    boolean isBehind();

    /** Whether another program has changed our rules, so that a round is due. Costs next to nothing. */
    boolean isDisturbed();
}
