package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the first example in the README prints the output that the README shows. */
final class ReadmeTest {
    private static final String OBJECTS = """
            apiVersion: v1
            kind: Service
            metadata: {name: my-nginx, namespace: default}
            spec: {clusterIP: 10.110.254.82, ports: [{name: http, port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: my-nginx-1, namespace: default, labels: {kubernetes.io/service-name: my-nginx}}
            addressType: IPv4
            ports: [{name: http, port: 80}]
            endpoints: [{addresses: [10.244.1.35]}, {addresses: [%s]}]
            """;

    @TempDir
    Path folder;

    @Test
    void firstExamplePrintsWhatTheReadmeShows() throws IOException {
        List<String> example = firstBlock();
        String pipe = " | fairlead ";
        assertThat(example.getFirst()).startsWith("$ kubectl get svc,endpointslices,nodes -A -o yaml" + pipe);
        String[] words = example.getFirst()
                .substring(example.getFirst().indexOf(pipe) + pipe.length())
                .split(" ");
        Session session = new Session(folder);
        session.realBackends = true;
        session.in = OBJECTS.formatted("10.244.1.36");
        assertThat(session.run("render", "-f", "-", "--proxy-mode", "nftables", "--local-addresses", "192.0.2.10"))
                .isZero();
        int second = session.out.indexOf("table ip6 kube-proxy");
        Map<String, String> kernel = Map.of(
                "ip", session.out.substring(session.out.indexOf("table ip kube-proxy"), second),
                "ip6", session.out.substring(second));
        session.kernel = command -> listed(command, kernel);
        session.in = OBJECTS.formatted("10.244.1.37");

        assertThat(session.run(words)).as(session.err).isEqualTo(ExitCode.DIFFERENCES);

        assertThat(session.out.lines().filter(line -> !line.isBlank()))
                .containsExactlyElementsOf(example.subList(1, example.size()));
    }

    private static ProcessResult listed(Command command, Map<String, String> kernel) {
        List<String> words = command.words();
        return words.contains("list") && kernel.containsKey(words.get(4))
                ? new ProcessResult(0, kernel.getOrDefault(words.get(4), ""), "")
                : new ProcessResult(1, "", "No such file or directory");
    }

    private static List<String> firstBlock() throws IOException {
        String text = Files.readString(Path.of("../../README.md"), StandardCharsets.UTF_8);
        return Arrays.asList(text.split("```\n", -1)[1].split("\n"));
    }
}
