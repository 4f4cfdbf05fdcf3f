package io.fairlead.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.logging.CapturedLog;
import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.linux.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the times at which rounds run. The rounds in this test only record the calls. */
@Timeout(60)
final class AgentLoopTest {
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(30);
    private static final Duration RECHECK = Duration.ofMinutes(10);

    private final ManualTime time = new ManualTime();
    private final CapturedLog log = new CapturedLog(time);
    private final ChangeQueue queue = new ChangeQueue(new Unobserved(), time);
    private final NotedRounds rounds = new NotedRounds();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private Thread thread;

    private static final class Unobserved implements ChangeQueue.Observer {
        @Override
        public void changed(ClusterChange change) {}

        @Override
        public void problem(Problem problem) {}

        @Override
        public void synced(boolean nodeKnown) {}
    }

    private final class NotedRounds implements Rounds {
        private final List<String> calls = new CopyOnWriteArrayList<>();
        private final Queue<RoundResult> results = new ArrayDeque<>();
        private volatile boolean behind;
        private volatile boolean disturbed;

        @Override
        public RoundResult round(ChangeBatch batch, boolean recheck) {
            disturbed = false;
            RoundResult result = results.isEmpty() ? Results.unchanged() : results.remove();
            behind = result.outcome() == RoundResult.Outcome.FAILED;
            calls.add(batch.changes().size() + (recheck ? " recheck" : "") + " at "
                    + Duration.between(ManualTime.START, time.instant()).toMillis());
            return result;
        }

        @Override
        public boolean isBehind() {
            return behind;
        }

        @Override
        public boolean isDisturbed() {
            return disturbed;
        }
    }

    private final class Noting implements RoundListener {
        private final String name;

        private Noting(String name) {
            this.name = name;
        }

        @Override
        public void after(RoundResult result) {
            heard.add(name);
            if (name.equals("broken")) {
                throw new IllegalStateException("a port is on fire");
            }
        }

        @Override
        public void idle() {
            heard.add(name + " idle");
        }
    }

    @BeforeEach
    void prepare() {
        thread = Thread.ofPlatform().unstarted(() -> {
            try {
                new AgentLoop(
                                rounds,
                                queue,
                                new AgentLoop.Pacing(LEAST, RETRY, RECHECK),
                                List.of(new Noting("first"), new Noting("broken"), new Noting("last")),
                                time)
                        .run();
            } catch (InterruptedException _) {
                // The test has ended.
            }
        });
    }

    @AfterEach
    void stop() throws InterruptedException {
        queue.close();
        thread.join(Duration.ofSeconds(20));
        assertThat(thread.isAlive()).isFalse();
        log.close();
    }

    private void start() throws InterruptedException {
        thread.start();
        rest();
    }

    /** Waits until the loop has finished its work and waits for the next round. */
    private void rest() throws InterruptedException {
        Instant end = Instant.now().plusSeconds(20);
        int seen = 0;
        int calls = -1;
        while (seen < 5) { // the loop waits again after each poll
            assertThat(Instant.now()).isBefore(end);
            boolean same = calls == rounds.calls.size();
            calls = rounds.calls.size();
            seen = same && time.isWaiting(thread) ? seen + 1 : 0;
            Thread.sleep(2);
        }
    }

    private void pass(Duration duration) throws InterruptedException {
        time.advance(duration);
        rest();
    }

    private void change() {
        queue.changed(List.of(new ClusterChange.Service(new ServiceName("default", "web"), null)));
    }

    @Test
    void runsARoundForAChangeWhenTheLeastTimeIsOver() throws InterruptedException {
        start();
        change();
        pass(LEAST.minusMillis(1));
        assertThat(rounds.calls).containsExactly("0 at 0");

        pass(Duration.ofMillis(1));

        assertThat(rounds.calls).containsExactly("0 at 0", "1 at 1000");
        assertThat(queue.pending()).as("confirmed").isEqualTo(ChangeQueue.Counts.NONE);
    }

    @Test
    void retriesAFailedRoundAndKeepsItsChangesPending() throws InterruptedException {
        change();
        rounds.results.add(Results.failed("no"));
        start();
        assertThat(queue.pending().services()).isEqualTo(1);

        pass(LEAST);
        pass(Duration.ofMillis(500)); // the quiet time after a large round
        pass(RETRY.minusMillis(1));
        assertThat(rounds.calls).hasSize(1);
        pass(Duration.ofMillis(1));

        assertThat(rounds.calls).hasSize(2);
        assertThat(queue.pending()).isEqualTo(ChangeQueue.Counts.NONE);
    }

    @Test
    void backsOffAfterFailedRounds() throws InterruptedException {
        for (int i = 0; i < 6; i++) {
            rounds.results.add(Results.refused("no"));
        }
        start();
        long last = 0;
        List<Long> pauses = new ArrayList<>();
        for (int round = 1; round <= 6; round++) {
            while (rounds.calls.size() == round) {
                change(); // each change may cause the next failure
                pass(Duration.ofMillis(250));
            }
            long now = Duration.between(ManualTime.START, time.instant()).toMillis();
            pauses.add(now - last);
            last = now;
        }

        assertThat(pauses).containsExactly(1000L, 1000L, 1000L, 2000L, 4000L, 4000L);
    }

    @Test
    void rechecksAtItsIntervalWithoutAnyChange() throws InterruptedException {
        start();
        pass(LEAST);
        pass(RECHECK.minus(LEAST).minusMillis(1));
        assertThat(rounds.calls).hasSize(1);

        pass(Duration.ofMillis(1));

        assertThat(rounds.calls).containsExactly("0 at 0", "0 recheck at 600000");
    }

    @Test
    void findsDriftWithinHalfASecond() throws InterruptedException {
        start();
        pass(LEAST);
        rounds.disturbed = true;

        pass(Duration.ofMillis(500));

        assertThat(rounds.calls).hasSize(2);
    }

    @Test
    void logsAFailedListenerAndCallsTheOthers() throws InterruptedException {
        start();

        assertThat(heard).containsExactly("first", "broken", "last");
        assertThat(log.lines())
                .containsExactly("E listener Noting failed after a sync; it is called again after the next sync");
    }

    @Test
    void callsListenersWhenTheLoopIsIdleAfterALargeRound() throws InterruptedException {
        rounds.results.add(Results.failed("a round that read everything"));
        start();
        pass(LEAST);
        assertThat(heard).containsExactly("first", "broken", "last");

        pass(Duration.ofMillis(500));

        assertThat(heard).containsExactly("first", "broken", "last", "first idle", "broken idle", "last idle");
    }
}
