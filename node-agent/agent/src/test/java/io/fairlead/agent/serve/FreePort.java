package io.fairlead.agent.serve;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports on which a test may listen later. They lie below those that the kernel gives to connections by itself (32768
 * and above), so no connection takes one in between; no two tests of a JVM get the same.
 */
public final class FreePort {
    private static final int FIRST = 10_000;
    private static final int COUNT = 20_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePort() {}

    /** A port that is free on every address now. */
    public static int next() {
        for (int i = 0; i < COUNT; i++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException _) {
                // another program has it
            }
        }
        throw new IllegalStateException("no port is free");
    }
}
