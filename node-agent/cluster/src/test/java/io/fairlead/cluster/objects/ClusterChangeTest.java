package io.fairlead.cluster.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ClusterState;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClusterChangeTest {
    private static final String BEFORE = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: old, namespace: shop}
            spec: {clusterIP: 10.96.0.11, ports: [{port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: "", port: 8080}]
            endpoints: [{addresses: [10.244.1.5]}]
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: node-1}
            """;

    private static ClusterState state(String text) {
        return Merging.merge(List.of(new SourceReading(new TypedObjects()).read("in.yaml", text)), List.of())
                .state();
    }

    private static List<String> texts(ClusterState before, ClusterState after) {
        return ClusterChange.between(before, after).stream()
                .map(ClusterChange::text)
                .toList();
    }

    @Test
    void findsNoChangeBetweenEqualStates() {
        assertThat(ClusterChange.between(state(BEFORE), state(BEFORE))).isEmpty();
    }

    @Test
    void findsNewChangedAndDeletedObjects() {
        String after = BEFORE.replace("name: old", "name: new").replace("10.244.1.5", "10.244.1.6");

        assertThat(texts(state(BEFORE), state(after)))
                .containsExactly("Service shop/new", "Service shop/old (gone)", "EndpointSlice shop/web-1");
    }

    @Test
    void everyObjectIsNewAfterAnEmptyState() {
        assertThat(texts(ClusterState.EMPTY, state(BEFORE)))
                .containsExactly("Node node-1", "Service shop/old", "Service shop/web", "EndpointSlice shop/web-1");
        assertThat(texts(state(BEFORE), ClusterState.EMPTY)).allMatch(text -> text.endsWith(" (gone)"));
    }

    @Test
    void goneKeepsTheKey() {
        assertThat(ClusterChange.between(ClusterState.EMPTY, state(BEFORE))).allSatisfy(change -> {
            assertThat(change.gone().key()).isEqualTo(change.key());
            assertThat(change.gone().isGone()).isTrue();
            assertThat(change.isGone()).isFalse();
        });
    }
}
