package io.fairlead.agent.loop;

/**
 * Receives the result of each round. It is called in the thread of the loop, so the next round waits until it returns.
 * If it throws an exception, the exception is logged, and the loop and the other listeners continue.
 */
@FunctionalInterface
public interface RoundListener {

    /** Called after each round. */
    void after(RoundResult result);

    /** Called after a large round, if no object changes for a short time. */
    default void idle() {}
}
