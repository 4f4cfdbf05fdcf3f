package io.fairlead.agent.loop;

import io.fairlead.linux.time.TimeSource;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs rounds one after the other, in one thread. In a round, the changed objects are taken from the queue, the rules
 * are computed and applied, and the listeners receive the result. A round starts when objects change, when another
 * program changes Fairlead's rules, when a failed round must be repeated, or when a recheck is due.
 */
public final class AgentLoop {
    private static final Logger LOG = LoggerFactory.getLogger(AgentLoop.class);

    /** The interval at which the loop checks whether another program has changed Fairlead's rules. */
    private static final Duration POLL = Duration.ofMillis(500);

    /** The time without a change after a large round, after which {@link RoundListener#idle} is called. */
    private static final Duration QUIET = Duration.ofMillis(500);

    /** The pause after the first failed round. The pause is doubled after each further failure. */
    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(250);

    /**
     * The longest pause after a failed round. It is short, so that a change of an object that ends the failures is used
     * within seconds.
     */
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(4);

    private static final int MOST_DOUBLINGS = 8;

    /** The longest time between two rounds if there are no rechecks. */
    private static final Duration LONGEST = Duration.ofHours(1);

    /**
     * The times between rounds.
     *
     * @param least the shortest time between the end of a round and the start of the next round, even if objects change
     *     (SYNC-2)
     * @param retry the longest time between a failed round and the next round (SYNC-5)
     * @param recheckEvery the interval at which the kernel and the node's addresses are read again; zero for never
     */
    public record Pacing(Duration least, Duration retry, Duration recheckEvery) {}

    private final Rounds rounds;
    private final ChangeQueue queue;
    private final Pacing pacing;
    private final List<RoundListener> listeners;
    private final TimeSource time;

    /**
     * Creates a loop that does not run yet.
     *
     * @param listeners the listeners that receive the result of each round, in this order
     */
    public AgentLoop(Rounds rounds, ChangeQueue queue, Pacing pacing, List<RoundListener> listeners, TimeSource time) {
        this.rounds = rounds;
        this.queue = queue;
        this.pacing = pacing;
        this.listeners = List.copyOf(listeners);
        this.time = time;
    }

    /**
     * Runs rounds until the thread is interrupted or the queue is closed.
     *
     * @throws InterruptedException if this thread is interrupted, or the queue is closed
     */
    public void run() throws InterruptedException {
        long rechecked = time.nanoTime();
        boolean recheck = false;
        int failures = 0;
        while (true) {
            RoundResult result = rounds.round(queue.take(), recheck);
            rechecked = recheck ? time.nanoTime() : rechecked;
            failures = result.outcome() == RoundResult.Outcome.FAILED ? failures + 1 : 0;
            if (failures == 0) {
                queue.confirm();
            }
            report(result);
            queue.pause(pause(failures));
            if (result.isLarge() && !queue.await(QUIET)) {
                listeners.forEach(RoundListener::idle);
            }
            awaitWork(untilNext(rechecked));
            recheck = isRecheckDue(rechecked);
        }
    }

    /**
     * Returns the pause after a round, which is not shortened if objects change. The pause grows with the number of
     * consecutive failures, because a round after a failure compares all rules and is therefore expensive.
     */
    private Duration pause(int failures) {
        if (failures == 0) {
            return pacing.least();
        }
        long doubled = FIRST_BACK_OFF.toMillis() << Math.min(failures - 1, MOST_DOUBLINGS);
        Duration backOff = Duration.ofMillis(Math.min(LONGEST_BACK_OFF.toMillis(), doubled));
        return backOff.compareTo(pacing.least()) > 0 ? backOff : pacing.least();
    }

    private void report(RoundResult result) {
        for (RoundListener listener : listeners) {
            try {
                listener.after(result);
            } catch (RuntimeException e) { // A failing page or port must not stop the updates of the rules.
                LOG.error("listener {} failed after a sync; it is called again after the next sync", name(listener), e);
            }
        }
    }

    private static String name(RoundListener listener) {
        return listener.getClass().getSimpleName();
    }

    /** Waits until an object has changed, another program has changed Fairlead's rules, or the time has passed. */
    private void awaitWork(Duration most) throws InterruptedException {
        long until = time.nanoTime() + most.toNanos();
        for (long now = time.nanoTime(); until - now > 0; now = time.nanoTime()) {
            if (queue.awaitUntil(now + Math.min(until - now, POLL.toNanos())) || rounds.isDisturbed()) {
                return;
            }
        }
    }

    private Duration untilNext(long rechecked) {
        Duration next =
                pacing.recheckEvery().isZero() ? LONGEST : pacing.recheckEvery().minus(time.since(rechecked));
        return rounds.isBehind() && pacing.retry().compareTo(next) < 0 ? pacing.retry() : next;
    }

    private boolean isRecheckDue(long rechecked) {
        return !pacing.recheckEvery().isZero() && time.since(rechecked).compareTo(pacing.recheckEvery()) >= 0;
    }
}
