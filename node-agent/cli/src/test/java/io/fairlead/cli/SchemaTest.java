package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Validates the JSON output of each command with its schema in docs/schema. */
final class SchemaTest {
    private static final Path SCHEMAS = Path.of("..", "..", "docs", "schema");
    private static final String OBJECTS = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec:
              type: LoadBalancer
              clusterIP: 10.96.0.10
              sessionAffinity: ClientIP
              ports: [{name: http, port: 80, nodePort: 30080}]
              loadBalancerSourceRanges: [198.51.100.0/24]
            status: {loadBalancer: {ingress: [{ip: 203.0.113.5}]}}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints: [{addresses: [10.244.1.35]}, {addresses: [10.244.1.36]}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: headless, namespace: shop}
            spec: {clusterIP: None, ports: [{port: 80}]}
            """;

    @TempDir
    Path folder;

    private Session session;
    private String objects;
    private String rules;

    @BeforeEach
    void prepare() {
        session = new Session(folder);
        session.realBackends = true;
        objects = session.file("objects.yaml", OBJECTS);
        session.run("render", "-f", objects, "--proxy-mode", "nftables", "--local-addresses", "192.0.2.10");
        rules = session.file("rules.txt", session.out.replace("10.244.1.36 . 8080", "10.244.1.99 . 8080"));
    }

    static Schema schema(String command) throws IOException {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(SCHEMAS.resolve(command + ".json")), InputFormat.JSON);
    }

    private void isValid(String command) throws IOException {
        assertThat(session.out).isNotBlank();
        Stream<String> answers = command.equals("trace") ? session.out.lines() : Stream.of(session.out);
        Schema schema = schema(command);
        assertThat(answers)
                .allSatisfy(answer -> assertThat(schema.validate(answer, InputFormat.JSON))
                        .as(answer)
                        .isEmpty());
    }

    private int run(String command, String... words) {
        return session.run(List.of(command, "-f", objects, "--local-addresses", "192.0.2.10", "-o", "json"), words);
    }

    @Test
    void render() throws IOException {
        assertThat(run("render", "--proxy-mode", "iptables")).isZero();
        isValid("render");
    }

    @Test
    void diff() throws IOException {
        assertThat(run("diff", "--rules", rules)).isEqualTo(1);
        isValid("diff");
    }

    @Test
    void verify() throws IOException {
        assertThat(run("verify", "--rules", rules)).isEqualTo(1);
        isValid("verify");
    }

    @Test
    void trace() throws IOException {
        assertThat(run(
                        "trace",
                        "--rules",
                        rules,
                        "--from",
                        "10.244.1.5",
                        "--to",
                        "10.96.0.10",
                        "--port",
                        "80",
                        "--why-not",
                        "10.244.1.36"))
                .isZero();
        isValid("trace");
        String flows = session.file("flows.jsonl", """
                {"id": "a", "protocol": "tcp", "from": "10.244.1.5", "to": "10.96.0.10", "port": 80}
                {"id": "b", "protocol": "icmp"}
                """);
        run("trace", "--rules", rules, "--flows", flows);
        isValid("trace");
    }

    @Test
    void doctor() throws IOException {
        session.kernel = command -> command.text().equals("nft -a list ruleset")
                ? new ProcessResult(0, "", "")
                : new ProcessResult(1, "", "not here");
        run("doctor");
        isValid("doctor");
        run("doctor", "--migrate-to", "nftables");
        isValid("doctor");
    }

    @Test
    void aFieldThatNoSchemaDescribesIsFound() throws IOException {
        run("verify", "--rules", rules);
        session.out = session.out.replaceFirst("\"wrong\"", "\"bad\" : 1, \"wrong\"");

        assertThat(schema("verify").validate(session.out, InputFormat.JSON)).isNotEmpty();
    }
}
