package io.fairlead.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fairlead.core.plan.ProxyMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The role of the folder deploy, granted by a real API server: the agent's account has it and nothing else. */
@NeedsRoot
@NeedsKubernetes({"kube-apiserver", "etcd"})
@Tag("real")
@Timeout(240)
final class RoleOnServerTest {
    private static final Duration LATER = Duration.ofSeconds(60);
    private static final String ROLES = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
    private static final String BINDINGS = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    private static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/default/events";
    private static final String WEB = "10.96.7.1:80";

    /** Resources, and what the agent's log says when it may not read them. */
    private static final Map<String, String> COMPLAINTS = Map.of(
            "services", "cannot follow Services",
            "nodes", "cannot follow Nodes",
            "endpointslices", "cannot follow EndpointSlices",
            "servicecidrs", "cannot follow ServiceCIDRs");

    @TempDir
    Path folder;

    @Test
    void isEnoughAndNothingOfItCanBeLeftOut() throws IOException {
        ClusterRole role = read(ClusterRole.class, "clusterrole.yaml");
        try (RealCluster cluster = new RealCluster(folder)) {
            cluster.plane().create(ROLES, Serialization.asJson(role));
            cluster.plane()
                    .create(BINDINGS, Serialization.asJson(read(ClusterRoleBinding.class, "clusterrolebinding.yaml")));
            cluster.service("web", "10.96.7.1");
            cluster.slice("web", "10.244.1.11");

            try (NodeProcess agent = cluster.fairlead(ProxyMode.NFTABLES, ControlPlane.AGENT)) {
                Await.until(() -> cluster.answers(WEB, "pod-1"), LATER, agent::log);
                Await.until(() -> hasEvents(cluster), LATER, agent::log);
                assertThat(agent.log()).doesNotContain("cannot follow").doesNotContain("orbidden");
                agent.stop();
            }
            List<String> resources = role.getRules().stream()
                    .flatMap(rule -> rule.getResources().stream())
                    .toList();
            assertThat(resources).containsAll(COMPLAINTS.keySet()).hasSize(COMPLAINTS.size() + 1);
            for (String resource : resources) {
                cluster.plane().replace(ROLES + "/" + role.getMetadata().getName(), without(role, resource));
                isMissed(cluster, resource);
            }
        }
    }

    private static void isMissed(RealCluster cluster, String resource) {
        String complaint = COMPLAINTS.get(resource);
        if (complaint == null) {
            cluster.plane().delete(EVENTS);
            assertThat(hasEvents(cluster)).isFalse();
        }
        try (NodeProcess agent = cluster.fairlead(ProxyMode.NFTABLES, ControlPlane.AGENT)) {
            String expected = complaint == null ? "event.*orbidden" : complaint;
            long before = agent.count("(?i)" + expected);
            Await.until(() -> agent.count("(?i)" + expected) > before, LATER, agent::log);
            if (complaint == null) {
                assertThat(hasEvents(cluster)).isFalse();
            }
            agent.stop();
        }
    }

    private static boolean hasEvents(RealCluster cluster) {
        return cluster.plane().get(EVENTS).contains("StartKubeProxy");
    }

    private static String without(ClusterRole role, String resource) {
        List<PolicyRule> rules = role.getRules().stream()
                .map(rule -> new PolicyRuleBuilder(rule)
                        .withResources(rule.getResources().stream()
                                .filter(one -> !one.equals(resource))
                                .toList())
                        .build())
                .filter(rule -> !rule.getResources().isEmpty())
                .toList();
        return Serialization.asJson(role.edit().withRules(rules).build());
    }

    private static <T> T read(Class<T> type, String file) throws IOException {
        return Serialization.unmarshal(Files.readString(Path.of("../deploy/rbac", file)), type);
    }
}
