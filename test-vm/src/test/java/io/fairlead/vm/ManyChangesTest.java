package io.fairlead.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.lab.Answer;
import io.fairlead.core.plan.ProxyMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * 2,000 changes in 60 s on a real API server while clients connect; a part of it at the same rate unless the system property
 * fairlead.changes says how many.
 */
@NeedsRoot
@NeedsKubernetes({"kube-apiserver", "etcd"})
@Tag("real")
@Timeout(300)
final class ManyChangesTest {
    private static final int CHANGES = Integer.getInteger("fairlead.changes", 400);
    private static final long BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(60) / 2000;
    private static final int CHANGING = 40;
    private static final int STABLE = 5;
    private static final Duration LATER = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final List<String> PODS = List.of("10.244.1.11", "10.244.1.12", "10.244.2.11");
    private static final List<String> NAMES = List.of("pod-1", "pod-2", "node-b");

    @TempDir
    Path folder;

    private final AtomicBoolean goesOn = new AtomicBoolean(true);
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger confirmed = new AtomicInteger();
    private final AtomicIntegerArray versions = new AtomicIntegerArray(CHANGING);

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void harmNoService(ProxyMode mode) throws InterruptedException {
        try (RealCluster cluster = new RealCluster(folder)) {
            for (int i = 0; i < CHANGING + STABLE; i++) {
                cluster.service("s-" + i, "10.96.8." + i);
                cluster.slice("s-" + i, PODS.getFirst());
            }
            NodeProcess agent = cluster.fairlead(mode, ControlPlane.ADMINISTRATOR);
            for (int i = 0; i < CHANGING + STABLE; i++) {
                String at = at(i);
                Await.until(() -> cluster.answers(at, NAMES.getFirst()), LATER, agent::log);
            }
            List<Thread> clients = List.of(
                    Thread.ofPlatform().start(() -> connectToStable(cluster)),
                    Thread.ofPlatform().start(() -> connectToChanging(cluster)));
            try {
                change(cluster);
            } finally {
                goesOn.set(false);
                for (Thread client : clients) {
                    client.join();
                }
            }
            for (int i = 0; i < CHANGING; i++) {
                int service = i;
                Await.until(() -> cluster.answers(at(service), now(service)), SOON, agent::log);
            }
            assertThat(List.copyOf(failures)).as("of %d connections", connections.get()).isEmpty();
            assertThat(connections).hasValueGreaterThan(CHANGES / 2);
            assertThat(confirmed).as("connections after a change was in").hasValueGreaterThan(CHANGES / 4);
            assertThat(agent.stop()).isZero();
        }
    }

    private static String at(int service) {
        return "10.96.8." + service + ":80";
    }

    private String now(int service) {
        return NAMES.get(versions.get(service) % NAMES.size());
    }

    private void change(RealCluster cluster) {
        long next = System.nanoTime();
        for (int i = 0; i < CHANGES; i++) {
            int service = i % CHANGING;
            cluster.replaceSlice("s-" + service, PODS.get((versions.get(service) + 1) % PODS.size()));
            versions.incrementAndGet(service);
            next += BETWEEN_NANOS;
            sleep(next - System.nanoTime());
        }
    }

    private static void sleep(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing is written about these, so nothing may happen to them. */
    private void connectToStable(RealCluster cluster) {
        int i = 0;
        while (goesOn.get()) {
            int service = CHANGING + i++ % STABLE;
            if (!(asked(cluster, service) instanceof Answer.Answered answered) || !answered.by().equals(NAMES.getFirst())) {
                failures.add("stable Service " + service + " at connection " + connections.get());
            }
        }
    }

    /**
     * Every endpoint answers all the time, so that no connection may fail. Once the newest has been seen no other may be, until
     * the next change.
     */
    private void connectToChanging(RealCluster cluster) {
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < CHANGING; i++) {
            seen.add(0);
        }
        int i = 0;
        while (goesOn.get()) {
            int service = i++ % CHANGING;
            int version = versions.get(service);
            String expected = NAMES.get(version % NAMES.size());
            if (!(asked(cluster, service) instanceof Answer.Answered answered)) {
                failures.add("changing Service " + service + " at connection " + connections.get());
            } else if (answered.by().equals(expected)) {
                confirmed.addAndGet(seen.get(service) == version ? 0 : 1);
                seen.set(service, version);
            } else if (seen.get(service) == version && isOlder(service, version, answered.by())) {
                failures.add("Service " + service + " went back from " + expected + " to " + answered.by());
            }
        }
    }

    /** A newer version may be on the wire before the writer has the server's answer: that is none to complain about. */
    private boolean isOlder(int service, int version, String by) {
        return versions.get(service) == version && !by.equals(NAMES.get((version + 1) % NAMES.size()));
    }

    private Answer asked(RealCluster cluster, int service) {
        connections.incrementAndGet();
        return cluster.ask(at(service));
    }
}
