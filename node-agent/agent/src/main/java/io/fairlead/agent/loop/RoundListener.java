package io.fairlead.agent.loop;

/**
 * Gets what came of each round, on the loop's thread: the next round waits until it returns. An exception is logged
 * and ends neither the loop nor the turn of the listeners after it.
 */
@FunctionalInterface
public interface RoundListener {

    /** A round has ended. */
    void after(RoundResult result);

    /** A round over much has ended, and nothing has waited for the next one since. */
    default void idle() {}
}
