package io.fairlead.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fairlead.agent.sync.SyncLoop;
import io.fairlead.agent.sync.SyncReport;
import io.fairlead.agent.time.ManualTime;
import io.fairlead.cluster.objects.ObjectReduction;
import io.fairlead.cluster.objects.Reduction;
import io.fairlead.cluster.watch.Samples;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.fixture.ClusterObjects;
import io.fairlead.core.net.Ip;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class WatchedClusterTest {
    private static final Instant STARTED = ManualTime.START;

    private final ManualTime time = new ManualTime();
    private final WatchedCluster cluster = new WatchedCluster(new Unheard(), time, _ -> {});

    private static final class Unheard implements WatchedCluster.Listener {
        @Override
        public void serviceChanged() {}

        @Override
        public void sliceChanged() {}

        @Override
        public void nodeChanged(@Nullable NodeObject node) {}
    }

    /** As the watch delivers it. */
    private void put(HasMetadata object) {
        switch (ObjectReduction.reduce(object).object().orElseThrow()) {
            case Reduction.Reduced.Service(var service) -> cluster.put(service);
            case Reduction.Reduced.Slices(var slices) -> slices.forEach(slice -> cluster.put(slice, null));
            case Reduction.Reduced.Node(var node) -> cluster.put(node);
            case Reduction.Reduced.ServiceCidr(var cidr) -> cluster.put(cidr);
        }
    }

    /** SVC-29. */
    @Test
    void updatesInBetweenCollapseAndVanishIfTheyCancelOut() {
        MemoryBackend backend = new MemoryBackend();
        SyncLoop<?, ?> loop =
                new SyncLoop<>(backend, cluster, () -> NodeSettings.defaults(ProxyMode.NFTABLES, "node-a"), time);
        put(Samples.service("web", "10.96.0.10"));
        put(Samples.slice("web", "web-1", "10.244.1.5"));
        assertThat(loop.sync(false).outcome()).isEqualTo(SyncReport.Outcome.APPLIED);

        put(Samples.service("web", "10.96.0.11"));
        put(Samples.service("web", "10.96.0.12"));
        assertThat(loop.sync(false).outcome()).isEqualTo(SyncReport.Outcome.APPLIED);
        assertThat(backend.kernel()).singleElement().asString().contains("10.96.0.12");
        assertThat(backend.applied()).as("one write for two updates").isEqualTo(2);

        put(Samples.service("web", "10.96.0.13"));
        put(Samples.service("web", "10.96.0.12"));

        SyncReport report = loop.sync(false);
        assertThat(report.outcome()).isEqualTo(SyncReport.Outcome.UNCHANGED);
        assertThat(report.delta().isEmpty()).isTrue();
        assertThat(backend.applied()).isEqualTo(2);
    }

    /** EPS-16. */
    @Test
    void whatPodsDidBeforeTheStartOrInSlicesThatAreGoneIsNotCounted() {
        SliceObject slice = ClusterObjects.slice("web", "10.244.1.5");
        cluster.synced();

        cluster.put(slice, STARTED.minusMillis(1));
        cluster.put(slice, STARTED);
        cluster.put(slice, STARTED.plusSeconds(1));
        assertThat(triggers()).containsExactly(STARTED, STARTED.plusSeconds(1));

        cluster.put(slice, STARTED.plusSeconds(2));
        cluster.remove(slice.key());
        assertThat(triggers()).isEmpty();
    }

    private List<Instant> triggers() {
        cluster.feed(new Planner(NodeSettings.defaults(ProxyMode.NFTABLES, "node-a")));
        return cluster.taken().triggers();
    }

    @Test
    void waitsForANodeForTheGivenTime() throws Exception {
        assertThat(cluster.awaitNode("node-a", _ -> true, Duration.ZERO)).isNull();
        Thread test = Thread.currentThread();
        Thread passing = Thread.ofVirtual().start(() -> {
            while (!time.isWaiting(test)) {
                Thread.onSpinWait();
            }
            time.advance(Duration.ofMinutes(5));
        });
        assertThat(cluster.awaitNode("node-a", _ -> true, Duration.ofMinutes(5)))
                .isNull();
        passing.join();
        put(Samples.node("node-a", "zone-1"));

        assertThat(cluster.awaitNode("node-a", node -> node.addresses().isEmpty(), Duration.ZERO))
                .isNull();
        assertThat(cluster.awaitNode(
                        "node-a", node -> node.addresses().contains(Ip.parse("192.168.1.1")), Duration.ZERO))
                .isNotNull();
    }
}
