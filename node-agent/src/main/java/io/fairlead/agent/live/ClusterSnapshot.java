package io.fairlead.agent.live;

import io.fairlead.agent.config.KubeProxyConfig.ClientConnection;
import io.fairlead.agent.kubernetes.ClusterInput;
import io.fairlead.agent.kubernetes.Problem;
import io.fairlead.agent.watch.ApiServer;
import io.fairlead.agent.watch.ApiServerException;
import io.fairlead.agent.watch.ClusterWatch;
import io.fairlead.agent.watch.WatchOptions;
import io.fairlead.agent.watch.WatchStatus;
import io.fairlead.core.cluster.NodeObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What an API server has at one moment, for commands that look once: the same lists, selectors and checks as the agent's, so
 * that both see the same objects.
 */
public final class ClusterSnapshot {

    private ClusterSnapshot() {}

    /**
     * Lists everything and goes.
     *
     * @param patience how long an absent or failing server is asked again
     * @throws ApiServerException if it does not answer in that time, or refuses
     * @throws InterruptedException if this thread is interrupted meanwhile
     */
    public static ClusterInput read(ClientConnection connection, String master, WatchOptions options, Duration patience)
            throws InterruptedException {
        ConcurrentLinkedQueue<Problem> problems = new ConcurrentLinkedQueue<>();
        WatchedCluster cluster = new WatchedCluster(new Unheard(), problems::add);
        try (ApiServer server = ApiServer.connect(connection, master, InstantSource.system(), (_, _, _, _) -> {});
                ClusterWatch watch = new ClusterWatch(server, options, cluster, InstantSource.system())) {
            watch.start();
            if (!cluster.awaitSynced(patience)) {
                throw new ApiServerException(
                        "no complete answer from " + server.address() + failures(watch.status()), null);
            }
            ClusterInput input = cluster.read();
            return new ClusterInput(input.state(), List.copyOf(problems), input.counts(), List.of());
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

    /** Nobody waits for single events here. */
    private static final class Unheard implements WatchedCluster.Listener {
        @Override
        public void serviceChanged() {}

        @Override
        public void sliceChanged() {}

        @Override
        public void nodeChanged(@Nullable NodeObject node) {}
    }
}
