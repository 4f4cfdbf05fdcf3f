package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fairlead.cluster.access.KubeconfigFiles;
import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.cluster.watch.ApiServerException;
import io.fairlead.cluster.watch.FakeApiServer;
import io.fairlead.cluster.watch.Samples;
import io.fairlead.cluster.watch.WatchOptions;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Ip;
import io.fairlead.linux.time.SystemTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClusterSnapshotTest {
    private final FakeApiServer fake = new FakeApiServer();

    @AfterEach
    void stop() {
        fake.close();
    }

    private ClusterInput read(Duration patience) throws InterruptedException {
        return ClusterSnapshot.read(
                KubeconfigFiles.NONE, fake.address(), WatchOptions.of("node-a"), patience, new SystemTime());
    }

    @Test
    void readsAllObjectsWithTheirProblems() throws InterruptedException {
        fake.put(Samples.service("web", "10.96.0.10"));
        fake.put(Samples.service("broken", "10.96.0.999"));
        fake.put(Samples.slice("web", "web-1", "10.244.1.11", "10.244.1.12"));

        ClusterInput input = read(Duration.ofSeconds(30));

        assertThat(input.state().services()).containsOnlyKeys(new ServiceName("default", "web"));
        assertThat(input.counts().endpoints()).isEqualTo(2);
        assertThat(input.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.object()).contains("default/broken"));
    }

    /** Answers name the pods, also if the objects come from the API server. */
    @Test
    void readsTheNamesOfThePods() throws InterruptedException {
        EndpointSlice slice = Samples.slice("web", "web-1", "10.244.1.11");
        slice.getEndpoints()
                .getFirst()
                .setTargetRef(new ObjectReferenceBuilder()
                        .withKind("Pod")
                        .withNamespace("default")
                        .withName("web-pod")
                        .build());
        fake.put(slice);

        assertThat(read(Duration.ofSeconds(30)).pods().of(Ip.parse("10.244.1.11")))
                .contains("default/web-pod");
    }

    @Test
    void anAbsentServerIsNotAnEmptyCluster() {
        fake.stop();

        assertThatThrownBy(() -> read(Duration.ofMillis(300)))
                .isInstanceOf(ApiServerException.class)
                .hasMessageContaining(fake.address());
    }
}
