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

/** Clients that connect again and again until they are closed, each as soon as its last connection was answered. */
final class Connecting implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicBoolean goesOn = new AtomicBoolean(true);
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    /** Starts one thread for each client. The key names the client in messages. */
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

    /** Asserts that no connection failed, and that all clients together made more than this number. */
    void assertNoneFailed(int moreThan) {
        synchronized (failures) {
            assertThat(connections.get()).isGreaterThan(moreThan);
            assertThat(failures).as("of %d connections", connections.get()).isEmpty();
        }
    }

    /** Waits until all clients together have made this number of further connections. */
    void awaitMore(int more) {
        int enough = connections.get() + more;
        Await.until(() -> connections.get() >= enough, PATIENCE, () -> connections + " connections");
    }

    /** Stops all clients and waits for their last connections. */
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
