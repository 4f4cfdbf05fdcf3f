package io.fairlead.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "my-nginx-service.yaml",
                "my-nginx-nodeport.yaml",
                "cart.yaml",
                "database.yaml",
                "shop.yaml",
                "no-rules.yaml",
                "report.yaml",
                "name-server.yaml",
                "my-nginx-ipv6.yaml"
            })
    void everyFileReadsWithoutAComplaint(String file) {
        Manifests manifests = new Manifests();
        manifests.add(file);
        assertThat(manifests.state().services()).isNotEmpty();
    }

    @Test
    void aFileTakesThePlaceOfAnother() {
        Manifests manifests = new Manifests();
        manifests.add("node.yaml");
        manifests.add("my-nginx-service.yaml");
        manifests.add("my-nginx-pods.yaml");
        manifests.replace("my-nginx-pods.yaml", "my-nginx-pods-replaced.yaml");
        manifests.replace("my-nginx-service.yaml", "my-nginx-nodeport.yaml");
        ClusterState state = manifests.state();
        assertThat(state.nodes()).containsOnlyKeys("demo-node");
        assertThat(state.slices()).hasSize(1);
        assertThat(state.slices().values().iterator().next().endpoints())
                .extracting(endpoint -> endpoint.ip().text())
                .containsExactly("10.244.1.35", "10.244.1.37");
        ServiceObject service = state.services().get(new ServiceName("default", "my-nginx"));
        assertThat(service.type()).isEqualTo(ServiceObject.Type.NODE_PORT);
    }

    @Test
    void onlyWhatIsThereCanBeReplaced() {
        assertThatThrownBy(() -> new Manifests().replace("cart.yaml", "shop.yaml"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
