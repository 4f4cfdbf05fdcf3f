package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fairlead.cluster.watch.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the metrics of the agent. */
@Timeout(60)
final class AgentMetricsTest extends AgentFixture {

    /**
     * Tests that the annotation with the trigger time is ignored if the slice existed before the agent started
     * (EPS-16).
     */
    @Test
    void measuresTheLatencyFromTheTriggerTimeOfAChange() throws Exception {
        webWithTwoEndpoints();
        fake.put(triggered("web-1", "2026-01-01T00:00:00Z", "10.244.1.5", "10.244.1.6"));
        start();
        await("rules", () -> backend.rules().size() == 2);
        String count = "kubeproxy_network_programming_duration_seconds_count{ip_family=\"IPv4\"}";
        assertThat(metric(count)).isNaN();

        fake.put(triggered("web-1", "2026-01-01T00:00:01Z", "10.244.1.8"));
        await("another endpoint", () -> backend.rules().size() == 1);
        fake.put(triggered("web-1", time.instant().toString(), "10.244.1.6"));
        await("one endpoint", () -> backend.rules().contains(LINE + "10.244.1.6:8080"));
        await("the latency", () -> metric(count) == 1);
        fake.put(triggered("web-1", "yesterday", "10.244.1.7"));
        await("the other", () -> backend.rules().contains(LINE + "10.244.1.7:8080"));

        assertThat(metric(count)).isEqualTo(1);
        assertThat(metric("kubeproxy_network_programming_duration_seconds_sum{ip_family=\"IPv4\"}"))
                .isBetween(0.0, 30.0);
    }

    private static EndpointSlice triggered(String name, String time, String... addresses) {
        return new EndpointSliceBuilder(Samples.slice("web", name, addresses))
                .editMetadata()
                .addToAnnotations("endpoints.kubernetes.io/last-change-trigger-time", time)
                .endMetadata()
                .build();
    }

    /** Tests statements MET-4 and MET-5 of docs/behaviour.md. */
    @Test
    void countsChangesAndHasNonePendingAfterASync() throws Exception {
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.rules().size() == 2);
        await("nothing pending", () -> metric("kubeproxy_sync_proxy_rules_endpoint_changes_pending") == 0);
        double before = metric("kubeproxy_sync_proxy_rules_endpoint_changes_total");

        backend.refusing = true;
        fake.put(Samples.slice("web", "web-1", "10.244.1.6"));
        await("a slice is pending", () -> metric("kubeproxy_sync_proxy_rules_endpoint_changes_pending") == 1);
        fake.put(Samples.service("other", "10.96.0.11"));
        await("a Service too", () -> metric("kubeproxy_sync_proxy_rules_service_changes_pending") == 1);
        assertThat(metric("kubeproxy_sync_proxy_rules_endpoint_changes_pending"))
                .isEqualTo(1);
        backend.refusing = false;
        await("the rules", () -> backend.rules().size() == 1);

        await(
                "nothing pending",
                () -> metric("kubeproxy_sync_proxy_rules_endpoint_changes_pending") == 0
                        && metric("kubeproxy_sync_proxy_rules_service_changes_pending") == 0);
        assertThat(metric("kubeproxy_sync_proxy_rules_endpoint_changes_total")).isEqualTo(before + 1);
    }

    @Test
    void exportsTheStateOfConntrack() throws Exception {
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.rules().size() == 2);

        assertThat(metric("fairlead_conntrack_reconciler_last_success_age_seconds"))
                .isFinite()
                .isNotNegative();
        assertThat(metric("fairlead_conntrack_reconciler_waiting_seconds"))
                .isFinite()
                .isNotNegative();
    }

    /** Tests statement MET-3 of docs/behaviour.md. */
    @Test
    void countsOnlyServicesWithEndpointsAsWithoutLocalOnes() throws Exception {
        fake.put(Samples.node("node-a", "zone-1"));
        fake.put(local("web", "10.96.0.10"));
        start();
        String internal =
                "kubeproxy_sync_proxy_rules_no_local_endpoints_total{ip_family=\"IPv4\",traffic_policy=\"internal\"}";
        await("a sync", () -> metric(internal) == 0);

        EndpointSlice elsewhere = Samples.slice("web", "web-1", "10.244.2.5");
        elsewhere.getEndpoints().getFirst().setNodeName("node-b");
        fake.put(elsewhere);
        await("one", () -> metric(internal) == 1);

        fake.put(Samples.slice("web", "web-1", "10.244.1.5"));
        await("none", () -> metric(internal) == 0);
        assertThat(metric(internal.replace("internal", "external"))).isZero();
    }

    private static io.fabric8.kubernetes.api.model.Service local(String name, String clusterIp) {
        return new ServiceBuilder(Samples.service(name, clusterIp))
                .editSpec()
                .withInternalTrafficPolicy("Local")
                .endSpec()
                .build();
    }
}
