package io.fairlead.cluster.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fairlead.cluster.objects.ObjectReader;
import io.fairlead.cluster.objects.ReadObject;
import java.io.ByteArrayInputStream;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Opens the reader of the API server's answers to the tests of this module. */
public final class AnswerReading {
    private static final KubernetesSerialization READING = LeanReading.create();

    private AnswerReading() {}

    /** Reads an object that the API server sent; empty if it is no object that the client knows. */
    public static Optional<ReadObject> read(byte[] json) {
        HasMetadata object;
        try {
            object = READING.unmarshal(new ByteArrayInputStream(json), HasMetadata.class);
        } catch (KubernetesClientException | YamlEngineException | IllegalArgumentException | ClassCastException _) {
            return Optional.empty(); // The client reports an answer that it cannot read, and asks again.
        }
        return Optional.ofNullable(object).map(ObjectReader::read);
    }
}
