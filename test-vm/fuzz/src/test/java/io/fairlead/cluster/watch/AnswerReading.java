package io.fairlead.cluster.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fairlead.cluster.objects.ObjectReader;
import java.io.ByteArrayInputStream;

/** Opens the reader of the API server's answers to the fuzz tests. */
public final class AnswerReading {
    private static final KubernetesSerialization READING = LeanReading.create();

    private AnswerReading() {}

    /** Reads an object that the API server sent. */
    public static void read(byte[] json) {
        HasMetadata object;
        try {
            object = READING.unmarshal(new ByteArrayInputStream(json), HasMetadata.class);
        } catch (KubernetesClientException | IllegalArgumentException | ClassCastException _) {
            return; // The client reports an answer that it cannot read, and asks again.
        }
        if (object != null) {
            ObjectReader.read(object);
        }
    }
}
