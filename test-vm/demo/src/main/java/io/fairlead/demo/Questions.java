package io.fairlead.demo;

import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.lab.Answer;
import io.fairlead.lab.LabHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Connects to one address repeatedly, on its own thread, until {@link #stop} is called. */
final class Questions {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final List<Answer> answers = new ArrayList<>();
    private final Thread thread;
    private volatile boolean enough;

    Questions(LabHost from, IpPort to) {
        thread = Thread.ofPlatform().daemon().name("questions").start(() -> {
            while (!enough) {
                answers.add(from.ask(Protocol.TCP, null, to, PATIENCE));
            }
        });
    }

    /** Waits for the current connection, stops, and returns all results. */
    Tally stop() throws InterruptedException {
        enough = true;
        thread.join();
        return new Tally(answers);
    }
}
