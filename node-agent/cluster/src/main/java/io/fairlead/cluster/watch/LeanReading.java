package io.fairlead.cluster.watch;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.model.jackson.Jackson2JdkTypesModule;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * Creates the JSON reader for the answers of the API server. The reader skips {@code metadata.managedFields}: this
 * field is often larger than the rest of the object, and rules do not need it. The reader knows only the kinds that are
 * watched, and Status.
 */
final class LeanReading {
    private static final List<Class<? extends KubernetesResource>> KINDS =
            List.of(Service.class, EndpointSlice.class, Endpoints.class, Node.class, ServiceCIDR.class, Status.class);

    private LeanReading() {}

    @JsonIgnoreProperties("managedFields")
    private interface WithoutManagedFields {}

    static KubernetesSerialization create() {
        KubernetesSerialization reading = new KubernetesSerialization(
                JsonMapper.builderWithJackson2Defaults()
                        .addModule(new Jackson2JdkTypesModule())
                        .addMixIn(ObjectMeta.class, WithoutManagedFields.class)
                        .build(),
                false);
        KINDS.forEach(reading::registerKubernetesResource);
        return reading;
    }
}
