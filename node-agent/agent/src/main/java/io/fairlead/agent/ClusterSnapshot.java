package io.fairlead.agent;

import io.fairlead.cluster.access.KubeconfigFiles;
import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.cluster.objects.PodNames;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.cluster.watch.ApiServer;
import io.fairlead.cluster.watch.ApiServerException;
import io.fairlead.cluster.watch.ClusterSink;
import io.fairlead.cluster.watch.ClusterWatch;
import io.fairlead.cluster.watch.WatchOptions;
import io.fairlead.cluster.watch.WatchStatus;
import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.net.Ip;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the current objects from an API server once, for commands. It uses the same requests, selectors and checks as
 * the agent, so that commands and the agent see the same objects.
 */
public final class ClusterSnapshot {

    private ClusterSnapshot() {}

    /**
     * Lists all objects and closes the connection.
     *
     * @param patience the longest time to wait for a complete answer. Failed requests are sent again within this time
     * @throws ApiServerException if the server does not answer completely in this time
     * @throws InterruptedException if this thread is interrupted
     */
    public static ClusterInput read(
            KubeconfigFiles kubeconfig, String master, WatchOptions options, Duration patience, InstantSource clock)
            throws InterruptedException {
        Collected cluster = new Collected();
        try (ApiServer server = ApiServer.connect(kubeconfig, master, clock, (_, _, _, _) -> {});
                ClusterWatch watch = new ClusterWatch(server, options, cluster, clock)) {
            watch.start();
            if (!cluster.complete.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new ApiServerException(
                        "did not receive all objects from " + server.address() + failures(watch.status()), null);
            }
            return cluster.input();
        }
    }

    private static String failures(WatchStatus status) {
        StringBuilder text = new StringBuilder();
        status.kinds().forEach((kind, state) -> {
            if (state.failure() != null) {
                text.append("; ").append(kind.text()).append(": ").append(state.failure());
            }
        });
        return text.toString();
    }

    /** Collects the objects and problems that the lists contain. */
    private static final class Collected implements ClusterSink {
        private final CountDownLatch complete = new CountDownLatch(1);
        private final Map<ServiceName, ServiceObject> services = new ConcurrentHashMap<>();
        private final Map<SliceObject.Key, SliceObject> slices = new ConcurrentHashMap<>();
        private final Map<String, NodeObject> nodes = new ConcurrentHashMap<>();
        private final Map<String, ServiceCidrObject> cidrs = new ConcurrentHashMap<>();
        private final Map<Ip, String> pods = new ConcurrentHashMap<>();
        private final Queue<Problem> problems = new ConcurrentLinkedQueue<>();

        private ClusterInput input() {
            ClusterState state = ClusterState.of(services, slices, nodes, cidrs);
            int endpoints = state.slices().values().stream()
                    .mapToInt(slice -> slice.endpoints().size())
                    .sum();
            ClusterInput.Counts counts = new ClusterInput.Counts(
                    state.services().size(),
                    state.slices().size(),
                    endpoints,
                    state.nodes().size(),
                    state.serviceCidrs().size(),
                    (int) state.slicesWithoutService(),
                    0,
                    0);
            return new ClusterInput(state, List.copyOf(problems), counts, List.of(), new PodNames(new TreeMap<>(pods)));
        }

        @Override
        public void changed(List<ClusterChange> changes) {
            for (ClusterChange change : changes) {
                switch (change) {
                    case ClusterChange.Service(var key, var content) -> enter(services, key, content);
                    case ClusterChange.Slice(var key, var content, var _) -> enter(slices, key, content);
                    case ClusterChange.Node(var key, var content) -> enter(nodes, key, content);
                    case ClusterChange.ServiceCidr(var key, var content) -> enter(cidrs, key, content);
                }
            }
        }

        private static <K, V> void enter(Map<K, V> map, K key, @Nullable V content) {
            if (content == null) {
                map.remove(key);
            } else {
                map.put(key, content);
            }
        }

        @Override
        public void synced() {
            complete.countDown();
        }

        @Override
        public void pods(Supplier<PodNames> names) {
            pods.putAll(names.get().byAddress());
        }

        @Override
        public void problem(Problem problem) {
            problems.add(problem);
        }
    }
}
