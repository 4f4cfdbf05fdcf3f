package io.fairlead.conntrack;

import static io.fairlead.conntrack.UdpFlows.flow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConntrackReconcilerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Instant NOW = ManualTime.START;
    private static final Pace WITHOUT_PAUSE = new Pace(Duration.ZERO, 0, Duration.ZERO);
    private static final String OLD = "10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.1:5353";
    private static final String NEW = "10.9.0.9:4001 > 10.96.0.10:53 = 10.1.0.2:5353";
    private static final String BY_NODE_PORT = "10.9.0.9:4002 > 192.0.2.1:30053 = 10.1.0.1:5353";

    private final ManualTime time = new ManualTime();
    private final FakeConntrack table = new FakeConntrack();
    private final List<ConntrackPass> passes = new CopyOnWriteArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger hostAsked = new AtomicInteger();
    private ConntrackReconciler reconciler = reconciler(WITHOUT_PAUSE, this::open);

    private ConntrackReconciler reconciler(Pace pace, Supplier<ConntrackTable> kernel) {
        return new ConntrackReconciler(kernel, this::host, passes::add, pace, time);
    }

    private ConntrackTable open() {
        opened.incrementAndGet();
        return table;
    }

    private Host host() {
        hostAsked.incrementAndGet();
        return Host.of(List.of(Ip.parse("192.0.2.1")));
    }

    @AfterEach
    void close() {
        reconciler.close();
    }

    @Test
    void removesFlowsToRemovedEndpoints() throws InterruptedException {
        List.of(OLD, NEW, BY_NODE_PORT).forEach(line -> table.insert(flow(line)));
        reconciler.start();
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1", "10.1.0.2");
        commit(cluster);
        assertThat(table.flows()).containsExactly(OLD, NEW, BY_NODE_PORT);

        commit(cluster.ready("10.1.0.2"));

        assertThat(table.flows()).containsExactly(NEW);
        ConntrackStatus status = reconciler.status();
        assertThat(status.removed()).isEqualTo(2);
        assertThat(status.lastSeen()).isEqualTo(3);
        assertThat(status.passes()).isEqualTo(2);
        assertThat(status.failures()).isZero();
        assertThat(status.lastSuccess()).isEqualTo(NOW);
        assertThat(status.sinceLastSuccess(NOW.plusSeconds(5))).isEqualTo(Duration.ofSeconds(5));
        assertThat(status.waiting(NOW.plusSeconds(5))).isZero();
        assertThat(hostAsked).hasValue(2);
        assertThat(passes).extracting(ConntrackPass::removed).containsExactly(0L, 0L, 2L);
    }

    @Test
    void doesNothingBeforeTheRulesAreApplied() throws InterruptedException {
        table.insert(flow(OLD));
        reconciler.start();

        reconciler.planned(DnsCluster.withReady("10.1.0.2").delta());

        assertThat(reconciler.awaitDone(Duration.ZERO)).isTrue();
        reconciler.close();
        assertThat(table.dumps()).isZero();
        assertThat(table.flows()).containsExactly(OLD);
    }

    @Test
    void handlesRoundsWithoutAppliedRulesTogetherWithTheNextOne() throws InterruptedException {
        table.insert(flow(OLD));
        reconciler.start();
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1");
        reconciler.planned(cluster.delta());
        reconciler.planned(cluster.deleteService().delta());
        reconciler.planned(cluster.delta());

        reconciler.committed();

        assertThat(reconciler.awaitDone(PATIENCE)).isTrue();
        assertThat(table.flows()).isEmpty();
        assertThat(table.dumps()).isEqualTo(2);
    }

    @Test
    void makesNoPassForChangesWithoutUdp() throws InterruptedException {
        reconciler.start();
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1");
        commit(cluster);
        int dumps = table.dumps();

        commit(cluster.change(draft -> draft.sticky(60)));
        reconciler.close();

        assertThat(dumps).isEqualTo(2);
        assertThat(table.dumps()).isEqualTo(dumps);
    }

    /** Tests the behaviour statement AFF-13. */
    @Test
    void keepsFlowsWhenAffinityIsTurnedOnAndOff() throws InterruptedException {
        table.insert(flow(OLD));
        reconciler.start();
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1", "10.1.0.2");
        commit(cluster);

        commit(cluster.change(draft -> draft.sticky(60)));
        assertThat(table.flows()).containsExactly(OLD);
        commit(cluster.change(draft -> draft.notSticky()));

        assertThat(table.flows()).containsExactly(OLD);
    }

    @Test
    void listsOnlyTheFamilyThatChanged() throws InterruptedException {
        reconciler.start();
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1", "fd00:1::1");
        commit(cluster);
        int dumps = table.dumps();

        commit(cluster.ready("10.1.0.1", "fd00:1::2"));

        assertThat(table.dumps()).isEqualTo(dumps + 1);
        assertThat(passes)
                .extracting(ConntrackPass::family)
                .containsExactly(IpFamily.IPV4, IpFamily.IPV6, IpFamily.IPV6);
    }

    @Test
    void retriesUntilItSucceeds() throws InterruptedException {
        table.insert(flow(OLD));
        table.failNext("one", "two", "three");
        reconciler.start();

        commit(DnsCluster.withReady("10.1.0.2"));

        assertThat(table.flows()).isEmpty();
        ConntrackStatus status = reconciler.status();
        assertThat(status.failures()).isEqualTo(3);
        assertThat(status.passes()).isEqualTo(4);
        assertThat(status.lastFailure()).isEmpty();
        assertThat(opened).hasValue(4);
        assertThat(table.closed()).isEqualTo(3);
    }

    @Test
    void retriesAFlowThatWasNotRemoved() throws InterruptedException {
        table.insert(flow(OLD));
        table.insert(flow(NEW));
        table.failNextDeletion();
        reconciler.start();

        commit(DnsCluster.withReady("10.1.0.3"));

        assertThat(table.flows()).isEmpty();
        ConntrackStatus status = reconciler.status();
        assertThat(status.failures()).isEqualTo(1);
        assertThat(status.passes()).isEqualTo(2);
        assertThat(status.removed()).isEqualTo(2);
        assertThat(passes).extracting(ConntrackPass::removed).containsExactly(1L, 1L, 0L);
    }

    @Test
    void reportsWhatFailsAndForHowLong() throws InterruptedException {
        Pace slow = new Pace(Duration.ofHours(1), 0, Duration.ofHours(1));
        reconciler = reconciler(slow, () -> {
            throw new ConntrackException("not permitted");
        });
        reconciler.start();
        reconciler.planned(DnsCluster.withReady("10.1.0.2").delta());
        reconciler.committed();

        ConntrackStatus status = awaitFailure();

        assertThat(status.lastFailure()).isEqualTo("not permitted");
        assertThat(status.lastSuccess()).isNull();
        assertThat(status.sinceLastSuccess(NOW.plusSeconds(9))).isEqualTo(Duration.ofSeconds(9));
        assertThat(status.waiting(NOW.plusSeconds(9))).isEqualTo(Duration.ofSeconds(9));
        assertThat(reconciler.awaitDone(Duration.ZERO)).isFalse();
    }

    @Test
    void handlesABurstInOnePass() throws InterruptedException {
        Pace paced = new Pace(Duration.ofSeconds(1), 0, Duration.ofSeconds(1));
        reconciler = reconciler(paced, this::open);
        reconciler.start();
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1");
        commit(cluster);
        long passes = reconciler.status().passes();

        for (int i = 2; i < 50; i++) {
            reconciler.planned(cluster.ready("10.1.0." + i).delta());
            reconciler.committed();
        }

        assertThat(reconciler.status().passes()).isEqualTo(passes);
        time.advance(Duration.ofSeconds(1));
        assertThat(reconciler.awaitDone(PATIENCE)).isTrue();
        assertThat(reconciler.status().passes()).isEqualTo(passes + 1);
    }

    @Test
    void aChangeThatIsCommittedDuringAPassWaitsSinceItsOwnTime() throws InterruptedException {
        CountDownLatch inKernel = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Pace slow = new Pace(Duration.ofHours(1), 0, Duration.ofHours(1));
        reconciler = reconciler(slow, () -> {
            inKernel.countDown();
            awaitQuietly(release);
            return table;
        });
        reconciler.start();
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1");
        reconciler.planned(cluster.delta());
        reconciler.committed();
        assertThat(inKernel.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        time.advance(Duration.ofSeconds(5));
        reconciler.planned(cluster.ready("10.1.0.2").delta());
        reconciler.committed();
        assertThat(reconciler.status().waitingSince()).isEqualTo(NOW);
        release.countDown();

        ConntrackStatus status = awaitPass();
        assertThat(status.lastSuccess()).isEqualTo(NOW.plusSeconds(5));
        assertThat(status.waitingSince()).isEqualTo(NOW.plusSeconds(5));
    }

    @Test
    void closesAReconcilerThatWasNotStarted() {
        assertThatCode(reconciler::close).doesNotThrowAnyException();
    }

    /** The thread that applies rules must continue while the reconciler's thread is blocked in the kernel. */
    @Test
    void neverBlocksItsCaller() throws InterruptedException {
        CountDownLatch inKernel = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        reconciler = reconciler(WITHOUT_PAUSE, () -> {
            inKernel.countDown();
            awaitQuietly(release);
            return table;
        });
        table.insert(flow(OLD));
        reconciler.start();
        DnsCluster cluster = DnsCluster.withReady("10.1.0.1");
        reconciler.planned(cluster.delta());
        reconciler.committed();
        assertThat(inKernel.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        reconciler.planned(cluster.ready("10.1.0.2").delta());
        reconciler.committed();

        assertThat(table.flows()).containsExactly(OLD);
        assertThat(reconciler.awaitDone(Duration.ZERO)).isFalse();
        release.countDown();
        assertThat(reconciler.awaitDone(PATIENCE)).isTrue();
        assertThat(table.flows()).isEmpty();
    }

    private void commit(DnsCluster cluster) throws InterruptedException {
        reconciler.planned(cluster.delta());
        reconciler.committed();
        assertThat(reconciler.awaitDone(PATIENCE)).isTrue();
    }

    private ConntrackStatus awaitPass() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (reconciler.status().passes() == 0 && System.nanoTime() < end) {
            Thread.sleep(1);
        }
        return reconciler.status();
    }

    private ConntrackStatus awaitFailure() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (reconciler.status().failures() == 0 && System.nanoTime() < end) {
            Thread.sleep(1);
        }
        assertThat(reconciler.status().failures()).isEqualTo(1);
        return reconciler.status();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
