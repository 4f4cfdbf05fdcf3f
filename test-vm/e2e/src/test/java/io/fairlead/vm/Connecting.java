package io.fairlead.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Clients that connect again and again, each as soon as it has been answered, until they are closed. */
final class Connecting implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicBoolean goesOn = new AtomicBoolean(true);
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    /** By what each connects to. */
    Connecting(Map<String, Supplier<Answer>> clients) {
        clients.forEach((at, ask) -> threads.add(Thread.ofPlatform().start(() -> connect(at, ask))));
    }

    private void connect(String at, Supplier<Answer> ask) {
        while (goesOn.get()) {
            Answer answer = ask.get();
            int number = connections.incrementAndGet();
            if (!(answer instanceof Answer.Answered)) {
                synchronized (failures) {
                    failures.add("connection " + number + " to " + at + ": " + answer.text());
                }
            }
        }
    }

    /** And that there have been more than so many, all clients together. */
    void assertNoneFailed(int moreThan) {
        synchronized (failures) {
            assertThat(connections.get()).isGreaterThan(moreThan);
            assertThat(failures).as("of %d connections", connections.get()).isEmpty();
        }
    }

    /** Waits until so many more connections have been answered, all clients together. */
    void awaitMore(int more) {
        int enough = connections.get() + more;
        Await.until(() -> connections.get() >= enough, PATIENCE, () -> connections + " connections");
    }

    /** Waits for the last answers. */
    void end() {
        goesOn.set(false);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        end();
    }
}
