package io.fairlead.agent.serve;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds ports on which a test may listen later. The ports are below 32768, from where the kernel assigns ports to
 * connections. Therefore no connection uses such a port before the test does. Two tests in a JVM do not get the same
 * port.
 */
public final class FreePort {
    private static final int FIRST = 10_000;
    private static final int COUNT = 20_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePort() {}

    /** Returns a port that is currently free on all addresses. */
    public static int next() {
        for (int i = 0; i < COUNT; i++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException _) {
                // Another program uses the port.
            }
        }
        throw new IllegalStateException("no port is free");
    }
}
