package io.fairlead.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SharedNamesTest {
    private final SharedNames names = new SharedNames();

    @Test
    void slicesShareNamesOfNodesZonesPortsAndNamespaces() {
        assertShared(
                SharedNamesTest::slice,
                slice -> slice.getMetadata().getNamespace(),
                slice -> slice.getPorts().getFirst().getName(),
                slice -> slice.getEndpoints().getFirst().getNodeName(),
                slice -> slice.getEndpoints()
                        .getFirst()
                        .getHints()
                        .getForZones()
                        .getFirst()
                        .getName(),
                slice -> slice.getEndpoints()
                        .getFirst()
                        .getHints()
                        .getForNodes()
                        .getFirst()
                        .getName());
    }

    @Test
    void servicesShareNamesOfPortsAndNamespaces() {
        assertShared(
                SharedNamesTest::service,
                service -> service.getMetadata().getNamespace(),
                service -> service.getSpec().getPorts().getFirst().getName());
    }

    /** Checks that two objects share the same Strings, and that their content did not change. */
    @SafeVarargs
    private <T extends HasMetadata> void assertShared(Supplier<T> arriving, Function<T, String>... shared) {
        T one = arriving.get();
        T other = arriving.get();
        names.shareIn(one);
        names.shareIn(other);

        for (Function<T, String> name : shared) {
            assertThat(name.apply(one)).isSameAs(name.apply(other));
        }
        assertThat(one).isEqualTo(arriving.get());
    }

    @Test
    void servicesAndSlicesShareThemToo() {
        assertServiceAndSliceShare();
    }

    private void assertServiceAndSliceShare() {
        Service service = service();
        EndpointSlice slice = slice();
        names.shareIn(service);
        names.shareIn(slice);

        assertThat(service.getSpec().getPorts().getFirst().getName())
                .isSameAs(slice.getPorts().getFirst().getName());
    }

    /** Tests that a client that renames a port many times cannot fill the memory of a node. */
    @Test
    void clearsThePoolWhenItHasTooManyNames() {
        for (int i = 0; i < 3 * SharedNames.MOST; i++) {
            Service service = service();
            service.getSpec().getPorts().getFirst().setName("p" + i);
            names.shareIn(service);
            assertThat(service.getSpec().getPorts().getFirst().getName()).isEqualTo("p" + i);
            assertThat(names.size()).isBetween(1, SharedNames.MOST);
        }
        assertServiceAndSliceShare();
    }

    @Test
    void acceptsObjectsWithoutTheseNames() {
        EndpointSlice slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .endMetadata()
                .addNewEndpoint()
                .endEndpoint()
                .addNewPort()
                .endPort()
                .build();
        slice.setEndpoints(null);
        names.shareIn(slice);
        Service service = new ServiceBuilder().withNewMetadata().endMetadata().build();
        names.shareIn(service);

        assertThat(slice.getPorts().getFirst().getName()).isNull();
        assertThat(service.getSpec()).isNull();
    }

    private static EndpointSlice slice() {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(arrived("shop"))
                .endMetadata()
                .addNewPort()
                .withName(arrived("http"))
                .endPort()
                .addNewEndpoint()
                .withNodeName(arrived("node-b"))
                .withNewHints()
                .addNewForZone(arrived("zone-1"))
                .addNewForNode(arrived("node-b"))
                .endHints()
                .endEndpoint()
                .build();
    }

    private static Service service() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(arrived("shop"))
                .endMetadata()
                .withNewSpec()
                .addNewPort()
                .withName(arrived("http"))
                .endPort()
                .endSpec()
                .build();
    }

    /** Returns a new String with the same text, as a JSON reader does. */
    private static String arrived(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
