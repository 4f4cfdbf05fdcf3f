package io.fairlead.agent.loop;

/**
 * Gets the result of each round, on the loop's thread: the next round waits until it returns. If it throws, the
 * exception is logged, and the loop and the other listeners continue.
 */
@FunctionalInterface
public interface RoundListener {

    /** A round has ended. */
    void after(RoundResult result);

    /** A large round has ended, and no change has come since. */
    default void idle() {}
}
