package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.serve.HealthCheckPorts;
import io.fairlead.agent.serve.ProxyHealth;
import io.fairlead.agent.serve.ProxyMetrics;
import io.fairlead.agent.source.FileSource;
import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.PodNames;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.cluster.watch.ClusterSink;
import io.fairlead.cluster.watch.EventSink;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.conntrack.ConntrackReconciler;
import io.fairlead.core.flow.Host;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServedRanges;
import io.fairlead.linux.time.ManualTime;
import io.fairlead.localhost.LocalhostPorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListenerOrderTest {
    private final ManualTime time = new ManualTime();

    private static final class Nowhere implements ClusterSink {
        @Override
        public void changed(List<ClusterChange> changes) {}

        @Override
        public void synced() {}

        @Override
        public void problem(Problem problem) {}

        @Override
        public void pods(Supplier<PodNames> names) {}
    }

    /** Tests that listeners that report the result run before listeners that may be slow (SYNC-15). */
    @Test
    void callsMetricsAndHealthBeforeHealthChecksAndConntrack(@TempDir Path folder) throws IOException {
        AgentSettings settings = new AgentSettings(
                KubeProxyConfig.defaults(),
                ProxyMode.NFTABLES,
                ServedRanges.ALL,
                "node-a",
                new AgentSettings.Source.Files(List.of(folder), false, Duration.ofSeconds(10)),
                "none-such",
                Duration.ZERO,
                false);
        Agent<?, ?> agent = new Agent<>(
                settings,
                new AgentEnvironment<>(
                        null, _ -> null, _ -> true, List::of, List.of(), () -> {}, _ -> {}, () -> "", Site.NONE, time));
        ProxyHealth health = new ProxyHealth(Duration.ofSeconds(30), time);
        AgentPages pages = new AgentPages(settings, new ProxyMetrics(ProxyMode.NFTABLES), health, time);
        try (FileSource source = new FileSource(List.of(folder), false, Duration.ofSeconds(10), new Nowhere(), time);
                HealthCheckPorts ports = new HealthCheckPorts(() -> true, (_, _) -> {});
                LocalhostPorts localhost = new LocalhostPorts(time::nanoTime, () -> 0);
                ConntrackReconciler conntrack =
                        ConntrackReconciler.start("none-such", () -> Host.of(List.of()), _ -> {}, time)) {
            List<RoundListener> listeners = agent.listeners(
                    EventSink.NONE, new StatusPage(settings, source, time), ports, localhost, conntrack, pages);

            assertThat(listeners)
                    .extracting(listener -> listener.getClass().getSimpleName())
                    .containsSubsequence(
                            "RoundLog",
                            "MetricsListener",
                            "HealthListener",
                            "HealthCheckListener",
                            "LocalhostListener",
                            "ConntrackListener");
        }
    }
}
