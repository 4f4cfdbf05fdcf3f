package io.fairlead.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the ClusterRole in the folder deploy with the requests that the agent sends. */
final class RoleTest {

    @Test
    void theRoleGrantsOnlyWhatTheAgentNeeds() throws IOException {
        ClusterRole role = Serialization.unmarshal(
                Files.readString(Path.of("../../deploy/rbac/clusterrole.yaml")), ClusterRole.class);
        Set<String> granted = new TreeSet<>(role.getRules().stream()
                .peek(rule -> assertThat(rule.getNonResourceURLs()).isNullOrEmpty())
                .flatMap(RoleTest::sentences)
                .toList());

        Set<String> needed = new TreeSet<>(Set.of("create events.k8s.io/events"));
        Arrays.stream(WatchedKind.values())
                .filter(kind -> kind != WatchedKind.ENDPOINTS)
                .map(kind -> resource(kind.path()))
                .forEach(resource -> needed.addAll(List.of("list " + resource, "watch " + resource)));
        assertThat(granted).isEqualTo(needed);
    }

    private static Stream<String> sentences(PolicyRule rule) {
        return rule.getVerbs().stream()
                .flatMap(verb -> rule.getApiGroups().stream()
                        .flatMap(group ->
                                rule.getResources().stream().map(resource -> verb + " " + group + "/" + resource)));
    }

    /**
     * Returns the group and resource for a path of the form "/apis/GROUP/VERSION/RESOURCE" or "/api/VERSION/RESOURCE".
     */
    private static String resource(String path) {
        List<String> parts = List.of(path.split("/", -1));
        return parts.get(1).equals("apis") ? parts.get(2) + "/" + parts.get(4) : "/" + parts.get(3);
    }
}
