package io.fairlead.agent.loop;

import io.fairlead.linux.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measures the steps of a round. The times of steps with the same name are added. */
final class Stages {
    private final TimeSource time;
    private final long begun;
    private final List<RoundResult.Stage> all = new ArrayList<>();
    private boolean readKernel;

    /** Creates the measurement. The round starts now. */
    Stages(TimeSource time) {
        this.time = time;
        this.begun = time.nanoTime();
    }

    /** Records that this round reads and compares all rules. */
    void readsKernel() {
        readKernel = true;
    }

    boolean haveReadKernel() {
        return readKernel;
    }

    List<RoundResult.Stage> all() {
        return all;
    }

    /** Returns the time since the start of the round. */
    Duration took() {
        return time.since(begun);
    }

    /** A step of a round that returns a result. */
    interface Work<T> {
        T run();
    }

    <T> T time(String name, Work<T> work) {
        long start = time.nanoTime();
        try {
            return work.run();
        } finally {
            add(name, time.since(start));
        }
    }

    void run(String name, Runnable work) {
        time(name, () -> {
            work.run();
            return Boolean.TRUE;
        });
    }

    private void add(String name, Duration took) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).name().equals(name)) {
                all.set(i, new RoundResult.Stage(name, all.get(i).took().plus(took)));
                return;
            }
        }
        all.add(new RoundResult.Stage(name, took));
    }
}
