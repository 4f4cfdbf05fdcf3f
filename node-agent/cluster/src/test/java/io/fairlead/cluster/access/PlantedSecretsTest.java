package io.fairlead.cluster.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Plants secrets in every field of a kubeconfig that may hold one, breaks the file in thousands of ways, and searches
 * all messages about it: a message goes into the log.
 */
final class PlantedSecretsTest {
    private static final String SECRET = "p1anted";

    /** The beginning of the secret in base64. */
    private static final String ENCODED = "cDFhbnRl";

    private static final String KUBECONFIG = """
            apiVersion: v1
            kind: Config
            current-context: c
            clusters:
            - name: k
              cluster:
                server: "https://192.0.2.1:6443"
                proxy-url: "http://user:p1anted@192.0.2.2:3128"
            users:
            - name: u
              user:
                %s
            contexts:
            - name: c
              context: {cluster: k, user: u}
            """;

    @TempDir
    Path folder;

    /** Returns everything that the reader says about a kubeconfig. */
    private List<String> messages(String text) throws IOException {
        Path file = folder.resolve("config");
        Files.writeString(file, text);
        List<String> messages = new ArrayList<>();
        try {
            Access access = new AccessReader(Map.of(), folder).read(KubeconfigFiles.of(file.toString()), "");
            messages.addAll(access.warnings());
        } catch (AccessException e) {
            for (Throwable each = e; each != null; each = each.getCause()) {
                messages.add(String.valueOf(each.getMessage()));
            }
        }
        return messages;
    }

    private void assertNoSecret(String text) throws IOException {
        for (String message : messages(text)) {
            assertThat(message).as(text).doesNotContain(SECRET).doesNotContain(ENCODED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token: p1anted",
                "{username: admin, password: p1anted}",
                "{username: admin, password: *p1anted}",
                "{username: admin, password: !p1anted!x}",
                "token: \"\\p1anted\"",
                "{client-certificate-data: cDFhbnRlZA==, client-key-data: cDFhbnRlZA==}",
                "{exec: {apiVersion: client.authentication.k8s.io/v1, command: login, args: [--token, p1anted],"
                        + " env: [{name: TOKEN, value: p1anted}], interactiveMode: Never}}"
            })
    void noMessageContainsASecret(String user) throws IOException {
        String whole = KUBECONFIG.formatted(user);
        assertNoSecret(whole);
        for (int i = 1; i < whole.length(); i++) {
            assertNoSecret(whole.substring(0, i));
            if (i % 3 == 0) {
                for (String wrong : List.of("\t", "\"", "{", "]", ": ", "\u0007", "- ")) {
                    assertNoSecret(whole.substring(0, i) + wrong + whole.substring(i));
                }
            }
        }
        for (String line : whole.lines().toList()) {
            assertNoSecret(whole.replace(line + "\n", ""));
        }
    }

    /** A test that finds nothing shows something only if there are messages. */
    @Test
    void brokenFilesHaveMessages() throws IOException {
        assertThat(messages(KUBECONFIG.formatted("token: [p1anted")))
                .anySatisfy(message -> assertThat(message).contains("is not YAML"));
        assertThat(messages(KUBECONFIG.formatted("token: [p1anted]"))).isNotEmpty();
    }
}
