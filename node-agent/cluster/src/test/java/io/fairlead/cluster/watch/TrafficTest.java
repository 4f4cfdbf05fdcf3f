package io.fairlead.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class TrafficTest {

    @Test
    void describesAnErrorOfTheServerByItsCodeAndMessage() {
        KubernetesClientException refused = new KubernetesClientException(new StatusBuilder()
                .withCode(403)
                .withMessage("nodes \"node-a\" is forbidden")
                .build());

        assertThat(Traffic.describe(refused)).isEqualTo("HTTP 403: nodes \"node-a\" is forbidden");
        assertThat(Traffic.describe(new IllegalStateException("list failed", refused)))
                .isEqualTo("HTTP 403: nodes \"node-a\" is forbidden");
    }

    @Test
    void describesAFailureWithoutAnAnswerByItsDeepestCause() {
        assertThat(Traffic.describe(new KubernetesClientException("request failed", new IOException("stream reset"))))
                .isEqualTo("IOException: stream reset");
    }
}
