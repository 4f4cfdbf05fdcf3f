package io.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.ControlPlane;
import io.fairlead.e2e.fixtures.NeedsKubernetes;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.e2e.fixtures.RealCluster;
import io.fairlead.lab.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests many changes in quick succession while clients connect. No connection to an unchanged Service may fail. When
 * one connection has reached the new endpoint of a Service, no later connection may reach an old endpoint.
 *
 * <p>{@code -Dchurn.changes=2000 -Dchurn.seconds=60} runs the long form, which also requires that all changes are made
 * within 1.1 times this time.
 */
@NeedsRoot
@NeedsKubernetes({"kube-apiserver", "etcd"})
@Timeout(300)
final class ChurnTest {
    private static final int CHANGES = Integer.getInteger("churn.changes", 150);
    private static final int SECONDS = Integer.getInteger("churn.seconds", 5);
    private static final int STABLE = 8;
    private static final int CHANGERS = 3;
    private static final int CONNECTIONS_AFTERWARDS = 3;
    private static final Duration LATER = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void noConnectionFailsThatNeedNot(ProxyMode mode) throws Exception {
        try (RealCluster cluster = new RealCluster(folder)) {
            for (int i = 0; i < STABLE; i++) {
                cluster.service("stable-" + i, "10.96.1." + i);
                cluster.slice("stable-" + i, "10.244.1.11", "10.244.1.12", "10.244.2.11");
            }
            for (int i = 0; i < CHANGERS; i++) {
                cluster.service("changing-" + i, "10.96.2." + i);
                cluster.slice("changing-" + i, "10.244.1.11");
            }
            NodeProcess agent = cluster.fairlead(mode, ControlPlane.ADMINISTRATOR);
            Await.until(() -> allAnswer(cluster), LATER, agent::log);
            run(cluster, agent);
            assertThat(agent.stop()).isZero();
            assertThat(agent.log()).doesNotContain("failed:");
        }
    }

    private static boolean allAnswer(RealCluster cluster) {
        for (int i = 0; i < STABLE; i++) {
            if (!(cluster.ask("10.96.1." + i + ":80") instanceof Answer.Answered)) {
                return false;
            }
        }
        return cluster.answers("10.96.2." + (CHANGERS - 1) + ":80", "pod-1");
    }

    private static void run(RealCluster cluster, NodeProcess agent) throws InterruptedException, ExecutionException {
        AtomicBoolean done = new AtomicBoolean();
        long begun = System.nanoTime();
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            Future<Integer> steady = threads.submit(() -> connect(cluster, done));
            List<Future<Integer>> changers = new ArrayList<>();
            for (int i = 0; i < CHANGERS; i++) {
                int number = i;
                changers.add(threads.submit(() -> change(cluster, agent, number, begun)));
            }
            int changes = 0;
            try {
                for (Future<Integer> changer : changers) {
                    changes += changer.get();
                }
            } finally {
                done.set(true);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            int connections = steady.get();
            assertThat(changes).isGreaterThanOrEqualTo(CHANGES);
            assertThat(connections).isGreaterThan(CHANGES / 2);
            if (CHANGES >= 2000) {
                assertThat(took).isLessThan(Duration.ofSeconds(SECONDS + SECONDS / 10));
            }
        }
    }

    /**
     * Connects to unchanged Services until {@code done}, and asserts that no connection fails.
     *
     * @return the number of connections
     */
    private static int connect(RealCluster cluster, AtomicBoolean done) {
        int connections = 0;
        while (!done.get()) {
            String to = "10.96.1." + connections % STABLE + ":80";
            Answer answer = cluster.ask(to);
            assertThat(answer).as("connection %d, to %s", connections, to).isInstanceOf(Answer.Answered.class);
            connections++;
        }
        return connections;
    }

    /** Moves one Service between three pods. Every eighth change also adds and deletes another Service. */
    private static int change(RealCluster cluster, NodeProcess agent, int number, long begun)
            throws InterruptedException {
        String service = "changing-" + number;
        String at = "10.96.2." + number + ":80";
        List<String> pods = List.of("10.244.1.11", "10.244.1.12", "10.244.2.11");
        List<String> names = List.of("pod-1", "pod-2", "node-b");
        int mine = (CHANGES + CHANGERS - 1) / CHANGERS;
        int changes = 0;
        for (int i = 1; changes < mine; i++) {
            await(begun, (long) (SECONDS * 1e9 * changes / mine));
            cluster.replaceSlice(service, pods.get(i % 3));
            String before = names.get((i - 1) % 3);
            String now = names.get(i % 3);
            // Both pods exist, so no connection may fail during the change.
            Await.until(() -> isAt(cluster, at, now, before), SOON, agent::log);
            for (int k = 0; k < CONNECTIONS_AFTERWARDS; k++) {
                assertThat(cluster.ask(at))
                        .as("%s after change %d", service, i)
                        .isInstanceOfSatisfying(
                                Answer.Answered.class,
                                answered -> assertThat(answered.by()).isEqualTo(now));
            }
            changes++;
            if (i % 8 == 0) {
                changes += comeAndGo(cluster, agent, number);
            }
        }
        return changes;
    }

    private static boolean isAt(RealCluster cluster, String at, String now, String before) {
        Answer answer = cluster.ask(at);
        assertThat(answer)
                .as("during a change")
                .isInstanceOfSatisfying(
                        Answer.Answered.class,
                        answered -> assertThat(answered.by()).isIn(now, before));
        return answer instanceof Answer.Answered answered && answered.by().equals(now);
    }

    private static int comeAndGo(RealCluster cluster, NodeProcess agent, int number) {
        String name = "passing-" + number;
        String at = "10.96.3." + number + ":80";
        cluster.service(name, "10.96.3." + number);
        cluster.slice(name, "10.244.1.12");
        Await.until(() -> cluster.answers(at, "pod-2"), SOON, agent::log);
        cluster.deleteSlice(name);
        cluster.deleteService(name);
        Await.until(() -> !cluster.answers(at, "pod-2"), SOON, agent::log);
        return 4;
    }

    private static void await(long begun, long nanos) throws InterruptedException {
        long left = begun + nanos - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }
}
