package io.fairlead.core.plan;

import static io.fairlead.core.fixture.ClusterObjects.endpoint;
import static io.fairlead.core.fixture.ClusterObjects.hinted;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.remote;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.cluster.SliceObject.SliceEndpoint;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests which copy is used if an endpoint occurs in two slices (EPS-9). The order of the slices has no effect. */
class EndpointSelectionTest {
    private static final String IP = "10.244.1.11";

    @Test
    void theOneThatLivesBeforeTheOneThatTerminates() {
        SliceEndpoint lives = endpoint(IP, "node-b", false, true, false);
        SliceEndpoint terminates = endpoint(IP, "node-a", true, true, true);
        assertBelieved(lives, terminates);
    }

    @Test
    void ofTwoThatLiveTheLocalOne() {
        assertBelieved(endpoint(IP, "node-a", false, true, false), remote(IP));
    }

    @Test
    void ofTwoLocalOnesTheReadyOne() {
        assertBelieved(ready(IP), endpoint(IP, "node-a", false, true, false));
    }

    @Test
    void ofEqualOnesTheFirst() {
        SliceEndpoint first = hinted(ready(IP), Set.of("zone-a"), Set.of());
        SliceEndpoint second = hinted(ready(IP), Set.of("zone-b"), Set.of());
        assertThat(believed(first, second)).isEqualTo(first);
        assertThat(believed(second, first)).isEqualTo(second);
    }

    private static void assertBelieved(SliceEndpoint better, SliceEndpoint worse) {
        assertThat(believed(better, worse)).isEqualTo(better);
        assertThat(believed(worse, better)).isEqualTo(better);
    }

    private static SliceEndpoint believed(SliceEndpoint first, SliceEndpoint second) {
        EndpointSelection selection = EndpointSelection.of(
                List.of(slice("web", first), other(second)), "http", Protocol.TCP, IpFamily.IPV4, "node-a", "");
        return Objects.requireNonNull(selection.candidates().get(IpPort.parse(IP + ":8080")))
                .endpoint();
    }

    private static SliceObject other(SliceEndpoint endpoint) {
        SliceObject slice = slice("web", endpoint);
        return new SliceObject(slice.service(), "web-2", slice.family(), slice.ports(), slice.endpoints());
    }
}
