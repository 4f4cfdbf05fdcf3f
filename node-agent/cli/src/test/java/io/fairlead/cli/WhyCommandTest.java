package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the sentences of {@code fairlead why} for rules from a file. */
final class WhyCommandTest {
    private static final String OBJECTS = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints: [{addresses: [10.244.1.35]}, {addresses: [10.244.1.36], conditions: {ready: false}}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: idle, namespace: shop}
            spec: {clusterIP: 10.96.0.11, ports: [{name: http, port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: idle-1, namespace: shop, labels: {kubernetes.io/service-name: idle}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints: [{addresses: [10.244.1.38], conditions: {ready: false}}]
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
    private String rendered;

    @BeforeEach
    void prepare() {
        session = new Session(folder);
        session.realBackends = true;
        objects = session.file("objects.yaml", OBJECTS);
        assertThat(session.run("render", "-f", objects, "--proxy-mode", "nftables", "--local-addresses", "192.0.2.10"))
                .isZero();
        rendered = session.out;
    }

    private int why(String foreign, String... question) {
        String rules = session.file("rules.txt", rendered + foreign);
        return session.run(
                List.of("why", "-f", objects, "--rules", rules, "--local-addresses", "192.0.2.10"), question);
    }

    @Test
    void saysWhereAPacketGoes() {
        assertThat(why("", "--from", "10.244.1.5", "--to", "shop/web")).isZero();
        assertThat(session.out)
                .isEqualTo("Yes: tcp 10.244.1.5 -> 10.96.0.10:80 (shop/web:http) is sent to 10.244.1.35:8080.\n");
        assertThat(session.processes).isEmpty();
    }

    @Test
    void namesTheRuleThatIsInTheWay() {
        String docker = "*filter\n:FORWARD DROP [0:0]\n:DOCKER-USER - [0:0]\n-A FORWARD -j DOCKER-USER\nCOMMIT\n";

        assertThat(why(docker, "--from", "10.244.1.5", "--to", "shop/web:80")).isEqualTo(1);
        assertThat(session.out)
                .startsWith("No: tcp 10.244.1.5 -> 10.96.0.10:80 (shop/web:http) is dropped by filter FORWARD"
                        + " \"policy DROP\" of another program.\n")
                .contains("According to the objects it must be sent to 10.244.1.35:8080.\n")
                .contains("To change that, accept the packet in filter FORWARD before this rule;"
                        + " the proxy's rules are not the cause.\n");
    }

    @Test
    void namesTheLackOfReadyEndpoints() {
        assertThat(why("", "--from", "10.244.1.5", "--to", "shop/idle")).isEqualTo(1);
        assertThat(session.out)
                .contains("No: ")
                .contains("shop/idle has 1 endpoint, none ready: 10.244.1.38 (not ready). Check the readiness");
        assertThat(why("", "--from", "10.244.1.5", "--to", "shop/headless")).isEqualTo(1);
        assertThat(session.out).contains("No: shop/headless has no rules on any node, because it is headless");
    }

    @Test
    void saysWhyAnEndpointIsNotReached() {
        assertThat(why("", "--from", "10.244.1.5", "--to", "shop/web", "--endpoint", "10.244.1.36"))
                .isEqualTo(1);
        assertThat(session.out).contains("10.244.1.36 is not reached, because it is not ready: its readiness probe");
        assertThat(why("", "--from", "10.244.1.5", "--to", "shop/web", "--endpoint", "10.244.1.99"))
                .isEqualTo(1);
        assertThat(session.out).contains("10.244.1.99 is in no EndpointSlice of shop/web.");
        assertThat(why("", "--from", "10.244.1.5", "--to", "shop/web", "--endpoint", "10.244.1.35"))
                .isZero();
    }

    @Test
    void namesPodsInsteadOfAddresses() {
        objects = session.file(
                "objects.yaml",
                OBJECTS.replace(
                                "[{addresses: [10.244.1.35]}",
                                "[{addresses: [10.244.1.35], targetRef: {kind: Pod, namespace: shop, name: web-1}}")
                        + """
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: client, namespace: shop}
                status: {phase: Running, podIPs: [{ip: 10.244.1.5}]}
                """);

        assertThat(why("", "--from", "shop/client", "--to", "shop/web", "--endpoint", "shop/web-1"))
                .isZero();
        assertThat(session.out)
                .isEqualTo("Yes: tcp 10.244.1.5 (pod shop/client) -> 10.96.0.10:80 (shop/web:http) is sent to"
                        + " 10.244.1.35:8080 (pod shop/web-1).\n10.244.1.35 (pod shop/web-1) is one of the 1 endpoints"
                        + " that the packet can reach.\n");
        assertThat(why("", "--from", "shop/absent", "--to", "shop/web")).isEqualTo(ExitCode.USAGE);
        assertThat(session.err)
                .contains("--from: no pod \"shop/absent\" with an IPv4 address among the objects")
                .contains("kubectl get pods -A -o yaml");
    }

    @Test
    void namesAConnectionThatKeepsItsEndpoint() {
        String connection = "udp      17 29 src=10.244.1.5 dst=10.96.0.10 sport=4000 dport=80 src=10.244.9.9"
                + " dst=10.244.1.5 sport=8080 dport=4000 mark=0 use=1\n";

        assertThat(why(connection.replace("udp      17", "tcp      6"), "--from", "10.244.1.5", "--to", "shop/web"))
                .isZero();
        assertThat(session.out)
                .contains(
                        "An existing connection goes to 10.244.9.9:8080, whatever the rules are; this command deletes it:"
                                + " conntrack -D -p tcp --orig-src 10.244.1.5 --orig-dst 10.96.0.10 --orig-port-dst 80\n");
    }

    @Test
    void namesTheEndpointThatSessionAffinityRemembers() {
        String sticky = OBJECTS.replace(
                        "spec: {clusterIP: 10.96.0.10,", "spec: {sessionAffinity: ClientIP, clusterIP: 10.96.0.10,")
                .replace(
                        ", conditions: {ready: false}}]\n---\napiVersion: v1\nkind: Service\nmetadata: {name: idle",
                        "}]\n" + "---\napiVersion: v1\nkind: Service\nmetadata: {name: idle");
        objects = session.file("objects.yaml", sticky);
        session.run("render", "-f", objects, "--proxy-mode", "nftables", "--local-addresses", "192.0.2.10");
        rendered = session.out.replaceFirst(
                "(map aff-[A-Za-z0-9]+ \\{\n(?:(?!\t\\}|elements).*\n)+)",
                "$1\t\telements = { 10.244.1.5 timeout 3h expires 2h : 10.244.1.36 . 8080 }\n");

        assertThat(rendered).contains("10.244.1.5 timeout");
        assertThat(why("", "--from", "10.244.1.5", "--to", "shop/web")).isZero();
        assertThat(session.out)
                .contains(
                        "The client has session affinity: new connections of 10.244.1.5 go to 10.244.1.36:8080 while it"
                                + " is remembered (map aff-");
        assertThat(why("", "--from", "10.244.1.6", "--to", "shop/web")).isZero();
        assertThat(session.out).doesNotContain("session affinity");
    }

    @Test
    void namesTheConditionOfAnAnswer() {
        String limited = """
                table ip others {
                	chain f {
                		type filter hook forward priority 0; policy accept;
                		limit rate over 5/second drop
                	}
                }
                """;

        assertThat(why(limited, "--from", "10.244.1.5", "--to", "shop/web")).isEqualTo(1);
        assertThat(session.out)
                .startsWith("Perhaps: ")
                .contains("This holds only if ip others f \"limit rate over 5/second drop");
    }

    @Test
    void namesRulesThatAreBehindTheObjects() {
        rendered = rendered.replace("10.244.1.35 . 8080", "10.244.1.77 . 8080");

        assertThat(why("", "--from", "10.244.1.5", "--to", "10.96.0.10:80")).isZero();
        assertThat(session.out)
                .contains("sent to 10.244.1.77:8080")
                .contains("The proxy's rules do not match the objects");
    }

    @Test
    void refusesAQuestionThatMakesNoSense() {
        assertThat(why("", "--from", "here", "--to", "shop/web")).isEqualTo(ExitCode.USAGE);
        assertThat(session.err).contains("--from: not an IP address");
        assertThat(why("", "--from", "10.0.0.1", "--to", "shop/none")).isEqualTo(ExitCode.USAGE);
        assertThat(session.err).contains("no such Service");
        assertThat(why("", "--from", "10.0.0.1", "--to", "somewhere")).isEqualTo(ExitCode.USAGE);
        assertThat(session.err).contains("neither NAMESPACE/NAME nor IP:PORT");
    }
}
