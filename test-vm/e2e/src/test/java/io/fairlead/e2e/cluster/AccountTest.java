package io.fairlead.e2e.cluster;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.ControlPlane;
import io.fairlead.e2e.fixtures.NeedsKubernetes;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.e2e.fixtures.RealCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the service account of the folder deploy with a real API server: its rights are sufficient, and each right is
 * needed.
 */
@NeedsRoot
@NeedsKubernetes({"kube-apiserver", "etcd"})
@Timeout(240)
final class AccountTest {
    private static final Path RBAC = Path.of("../../deploy/rbac");
    private static final String ROLES = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
    private static final String USER = "system:serviceaccount:kube-system:fairlead";
    private static final String WEB = "10.96.7.1:80";
    private static final Duration LATER = Duration.ofSeconds(60);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void theAgentIsGrantedWhatItAsksForAndNothingElse() {
        try (RealCluster cluster = new RealCluster(folder)) {
            ControlPlane plane = cluster.plane();
            account(plane);
            cluster.service("web", "10.96.7.1");
            cluster.slice("web", "10.244.1.11");
            NodeProcess agent = cluster.fairlead(ProxyMode.NFTABLES, plane.token("kube-system", "fairlead"));
            Await.until(() -> cluster.answers(WEB, "pod-1"), LATER, agent::log);
            cluster.replaceSlice("web", "10.244.1.12");
            Await.until(() -> cluster.answers(WEB, "pod-2"), LATER, agent::log);

            SortedSet<String> granted = new TreeSet<>(sentences(role()));
            Await.until(
                    () -> sentences(plane.askedBy(USER)).containsAll(granted),
                    LATER,
                    () -> plane.askedBy(USER) + agent.log());
            assertThat(sentences(plane.askedBy(USER))).isEqualTo(granted);
            assertThat(plane.askedBy(USER))
                    .allSatisfy(asked -> assertThat(asked.status()).isBetween(200, 299));
            assertThat(plane.askedBy(USER).stream()
                            .map(ControlPlane.Asked::uri)
                            .filter(uri -> uri.startsWith("/api/v1/nodes")))
                    .as("only requests for its own Node")
                    .isNotEmpty()
                    .allSatisfy(uri -> assertThat(uri).contains("fieldSelector=metadata.name%3Dnode-a"));
            agent.stop();

            // The first agent has shown that every verb is used. The following agents show that a missing right for any
            // resource is reported.
            for (String resource : resources(granted)) {
                isMissed(cluster, resource);
            }
        }
    }

    /** Removes the rights for a resource, and waits until an agent reports the failure. */
    private static void isMissed(RealCluster cluster, String resource) {
        ControlPlane plane = cluster.plane();
        ClusterRole role = role();
        role.setRules(without(role.getRules(), resource));
        plane.replace(ROLES + "/fairlead", Serialization.asJson(role));
        for (String sentence : sentences(role())) {
            boolean wanted = !sentence.endsWith("/" + resource);
            Await.until(() -> granted(plane, sentence) == wanted, LATER, () -> sentence + " granted: " + !wanted);
        }
        String complaint = complaint(resource);
        NodeProcess agent = cluster.fairlead(ProxyMode.NFTABLES, plane.token("kube-system", "fairlead"));
        Await.until(() -> agent.count(complaint) > 0, LATER, () -> "without " + resource + ": " + agent.log());
        agent.kill();
    }

    private static SortedSet<String> resources(Set<String> sentences) {
        return sentences.stream()
                .map(sentence -> sentence.substring(sentence.indexOf('/') + 1))
                .collect(toCollection(TreeSet::new));
    }

    private static String complaint(String resource) {
        return switch (resource) {
            case "services" -> "cannot follow Services \\(HTTP 403";
            case "endpointslices" -> "cannot follow EndpointSlices \\(HTTP 403";
            case "nodes" -> "cannot follow Nodes \\(HTTP 403";
            case "servicecidrs" -> "cannot follow ServiceCIDRs \\(HTTP 403";
            case "events" -> "cannot write the Event Starting about node-a";
            default -> throw new AssertionError("no complaint is known for " + resource);
        };
    }

    /**
     * Returns whether the API server's authorizer permits a request. The authorizer applies changes of roles after a
     * short delay.
     */
    private static boolean granted(ControlPlane plane, String sentence) {
        String[] words = sentence.split("[ /]", -1);
        String answer = plane.ask("/apis/authorization.k8s.io/v1/subjectaccessreviews", """
                {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
                 "spec": {"user": "%s", "resourceAttributes": {"verb": "%s", "group": "%s", "resource": "%s"}}}""".formatted(
                        USER, words[0], words[1], words[2]));
        return answer.contains("\"allowed\":true");
    }

    private static void account(ControlPlane plane) {
        plane.createYaml("/api/v1/namespaces/kube-system/serviceaccounts", text("serviceaccount.yaml"));
        plane.createYaml(ROLES, text("clusterrole.yaml"));
        plane.createYaml("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", text("clusterrolebinding.yaml"));
    }

    private static List<PolicyRule> without(List<PolicyRule> rules, String resource) {
        List<PolicyRule> single = new ArrayList<>();
        for (PolicyRule rule : rules) {
            for (String one : sentences(rule)) {
                if (!one.endsWith("/" + resource)) {
                    String[] words = one.split("[ /]", -1);
                    single.add(new PolicyRuleBuilder()
                            .withVerbs(words[0])
                            .withApiGroups(words[1])
                            .withResources(words[2])
                            .build());
                }
            }
        }
        return single;
    }

    private static SortedSet<String> sentences(List<ControlPlane.Asked> asked) {
        return asked.stream().map(ControlPlane.Asked::sentence).collect(toCollection(TreeSet::new));
    }

    private static List<String> sentences(ClusterRole role) {
        return role.getRules().stream()
                .flatMap(rule -> sentences(rule).stream())
                .toList();
    }

    private static List<String> sentences(PolicyRule rule) {
        List<String> all = new ArrayList<>();
        for (String verb : rule.getVerbs()) {
            for (String group : rule.getApiGroups()) {
                rule.getResources().forEach(resource -> all.add(verb + " " + group + "/" + resource));
            }
        }
        return all;
    }

    private static ClusterRole role() {
        return Serialization.unmarshal(text("clusterrole.yaml"), ClusterRole.class);
    }

    private static String text(String file) {
        try {
            return Files.readString(RBAC.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
