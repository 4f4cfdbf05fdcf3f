package io.fairlead.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.fixture.ClusterObjects;
import io.fairlead.core.net.Ip;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.linux.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ChangeQueueTest {
    private static final Instant STARTED = ManualTime.START;
    private static final ServiceName WEB = new ServiceName("default", "web");

    private final List<String> observed = new ArrayList<>();
    private final ManualTime time = new ManualTime();
    private final ChangeQueue queue = new ChangeQueue(new Observing(), time);

    private final class Observing implements ChangeQueue.Observer {
        @Override
        public void changed(ClusterChange change) {
            observed.add(change.text());
        }

        @Override
        public void problem(Problem problem) {
            observed.add(problem.text());
        }

        @Override
        public void synced(boolean nodeKnown) {
            observed.add("synced, node known: " + nodeKnown);
        }
    }

    private void put(ServiceObject service) {
        queue.changed(List.of(new ClusterChange.Service(service.name(), service)));
    }

    private void put(SliceObject slice, @Nullable Instant triggered) {
        queue.changed(List.of(new ClusterChange.Slice(slice.key(), slice, triggered)));
    }

    private void putNode(String address) {
        queue.changed(List.of(new ClusterChange.Node(
                "node-a", new NodeObject("node-a", "", List.of(Ip.parse(address)), List.of(), false))));
    }

    private static ServiceObject web(String clusterIp) {
        return ClusterObjects.service("web", clusterIp);
    }

    @Test
    void keepsTheLastChangeOfEachObjectInOrderOfTheFirst() {
        put(web("10.96.0.10"));
        put(ClusterObjects.slice("web", "10.244.1.5"), null);
        put(web("10.96.0.11"));
        queue.changed(List.of(new ClusterChange.Service(WEB, null)));

        assertThat(queue.text()).isEqualTo("Service default/web (gone)\nEndpointSlice default/web-1\n");
        assertThat(queue.take().changes())
                .extracting(ClusterChange::text)
                .containsExactly("Service default/web (gone)", "EndpointSlice default/web-1");
        assertThat(queue.text()).isEmpty();
        assertThat(queue.take()).isEqualTo(ChangeBatch.EMPTY);
        assertThat(observed).as("each change as it came").hasSize(4);
    }

    /** Tests statement SVC-29 of docs/behaviour.md. */
    @Test
    void mergesUpdatesAndDropsThoseThatCancelOut() {
        FakeBackend backend = new FakeBackend(ProxyMode.NFTABLES);
        RuleSync<?, ?> rules =
                new RuleSync<>(backend.backend(), () -> NodeSettings.defaults(ProxyMode.NFTABLES, "node-a"), time);
        put(web("10.96.0.10"));
        put(ClusterObjects.slice("web", "10.244.1.5"), null);
        assertThat(rules.round(queue.take(), false).outcome()).isEqualTo(RoundResult.Outcome.APPLIED);

        put(web("10.96.0.11"));
        put(web("10.96.0.12"));
        assertThat(rules.round(queue.take(), false).outcome()).isEqualTo(RoundResult.Outcome.APPLIED);
        assertThat(backend.rules()).singleElement().asString().contains("10.96.0.12");
        assertThat(backend.applied()).as("one write for two updates").isEqualTo(2);

        put(web("10.96.0.13"));
        put(web("10.96.0.12"));

        RoundResult result = rules.round(queue.take(), false);
        assertThat(result.outcome()).isEqualTo(RoundResult.Outcome.UNCHANGED);
        assertThat(result.changedServices()).isZero();
        assertThat(backend.applied()).isEqualTo(2);
    }

    @Test
    void countsUnconfirmedChanges() {
        put(web("10.96.0.10"));
        put(ClusterObjects.slice("web", "10.244.1.5"), null);
        queue.take();
        put(web("10.96.0.11"));

        assertThat(queue.pending()).isEqualTo(new ChangeQueue.Counts(2, 1));
        queue.confirm();
        assertThat(queue.pending()).as("one came after").isEqualTo(new ChangeQueue.Counts(1, 0));
        assertThat(queue.isWaiting()).isTrue();
    }

    /** Tests statement EPS-16 of docs/behaviour.md. */
    @Test
    void doesNotMeasurePodChangesBeforeTheStartOrOfDeletedSlices() {
        SliceObject slice = ClusterObjects.slice("web", "10.244.1.5");
        put(slice, STARTED);
        queue.synced();

        put(slice, STARTED.minusMillis(1));
        put(slice, STARTED);
        put(slice, STARTED.plusSeconds(1));
        assertThat(queue.take().triggers()).containsExactly(STARTED, STARTED.plusSeconds(1));

        put(slice, STARTED.plusSeconds(2));
        queue.changed(List.of(new ClusterChange.Slice(slice.key(), null, null)));
        assertThat(queue.take().triggers()).isEmpty();
    }

    @Test
    void waitsForANodeForTheGivenTime() throws InterruptedException {
        assertThat(queue.awaitNode("node-a", _ -> true, Duration.ZERO)).isNull();
        Thread passing = passOnceThisThreadWaits(Duration.ofMinutes(5));
        assertThat(queue.awaitNode("node-a", _ -> true, Duration.ofMinutes(5))).isNull();
        passing.join();
        putNode("192.168.1.1");

        assertThat(queue.awaitNode("node-a", node -> node.addresses().isEmpty(), Duration.ZERO))
                .isNull();
        assertThat(queue.awaitNode("node-a", node -> node.addresses().contains(Ip.parse("192.168.1.1")), Duration.ZERO))
                .isNotNull();
        queue.changed(List.of(new ClusterChange.Node("node-a", null)));
        assertThat(queue.node("node-a")).isNull();
    }

    @Test
    void aPauseOutlastsChangesAndAWaitDoesNot() throws InterruptedException {
        put(web("10.96.0.10"));
        assertThat(queue.await(Duration.ofHours(1))).isTrue();

        Thread passing = passOnceThisThreadWaits(Duration.ofSeconds(3));
        queue.pause(Duration.ofSeconds(3));
        passing.join();

        assertThat(time.instant()).isEqualTo(STARTED.plusSeconds(3));
    }

    @Test
    void closeEndsEveryWait() {
        queue.close();

        assertThatThrownBy(() -> queue.await(Duration.ofHours(1))).isInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> queue.pause(Duration.ofHours(1))).isInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> queue.awaitNode("node-a", _ -> true, Duration.ofHours(1)))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void reportsWhetherANodeIsKnownWithTheFirstCompleteView() {
        queue.synced();
        putNode("192.168.1.1");

        assertThat(observed).containsExactly("synced, node known: false", "Node node-a");
    }

    private Thread passOnceThisThreadWaits(Duration duration) {
        Thread test = Thread.currentThread();
        return Thread.ofVirtual().start(() -> {
            while (!time.isWaiting(test)) {
                Thread.onSpinWait();
            }
            time.advance(duration);
        });
    }
}
