package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerifyCommandTest {
    private static final String OBJECTS = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {clusterIP: 10.96.0.10, externalIPs: [198.51.100.7], ports: [{name: http, port: 80}]}
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
            metadata: {name: idle, namespace: shop}
            spec: {clusterIP: 10.96.0.11, ports: [{port: 80}]}
            """;

    @TempDir
    Path folder;

    private final Map<String, String> listings = new TreeMap<>();
    private Session session;
    private String objects;

    @BeforeEach
    void prepare() {
        session = new Session(folder);
        session.realBackends = true;
        objects = session.file("objects.yaml", OBJECTS);
        assertThat(session.run("render", "-f", objects, "--proxy-mode", "nftables", "--local-addresses", "192.0.2.10"))
                .isZero();
        int second = session.out.indexOf("table ip6 kube-proxy");
        listings.put("ip", session.out.substring(session.out.indexOf("table ip kube-proxy"), second));
        listings.put("ip6", session.out.substring(second));
        session.kernel = this::listed;
    }

    private ProcessResult listed(Command command) {
        List<String> words = command.words();
        if (words.contains("ruleset")) {
            return new ProcessResult(0, String.join("", listings.values()), "");
        }
        return words.contains("list") && listings.containsKey(words.get(4))
                ? new ProcessResult(0, listings.getOrDefault(words.get(4), ""), "")
                : new ProcessResult(1, "", "No such file or directory");
    }

    private int verify(String... more) {
        return session.run(
                List.of("verify", "-f", objects, "--proxy-mode", "nftables", "--local-addresses", "192.0.2.10"), more);
    }

    @Test
    void acceptsRulesThatDoWhatIsExpected() {
        String rules = session.file("rules.nft", String.join("", listings.values()));

        assertThat(verify("--rules", rules)).as(() -> session.out + session.err).isZero();
        assertThat(session.out).matches("Verified \\d+ packets to 2 Services: all as expected\\.\n");
    }

    @Test
    void usesTheModeOfTheRulesInTheKernelIfThereIsNoConfiguration() {
        assertThat(session.run("verify", "-f", objects, "--local-addresses", "192.0.2.10"))
                .as(() -> session.out + session.err)
                .isZero();
        assertThat(session.out).contains("to 2 Services: all as expected.");
    }

    @Test
    void reportsServiceSenderAndBothOutcomesOfAWrongPacket() {
        listings.computeIfPresent("ip", (_, table) -> table.replace("10.244.1.36 . 8080", "10.244.1.99 . 8080"));

        assertThat(verify()).isEqualTo(1);
        assertThat(session.out)
                .contains("Service shop/web:http/tcp\n")
                .contains("-> 198.51.100.7:80  external IP 198.51.100.7:80, from a client outside\n")
                .contains("expected  sent to 10.244.1.35:8080, 10.244.1.36:8080, masqueraded\n")
                .contains("actual    sent to 10.244.1.35:8080, 10.244.1.99:8080, masqueraded\n")
                .contains("wrong, 1 Service affected.\n")
                .contains("(fairlead diff prints them)")
                .doesNotContain("Service shop/idle");
    }

    @Test
    void checksOnlyTheNamedServices() {
        listings.computeIfPresent("ip", (_, table) -> table.replace("10.244.1.36 . 8080", "10.244.1.99 . 8080"));

        assertThat(verify("shop/idle")).isZero();
        assertThat(session.out).contains("to 1 Service: all as expected");
        assertThat(verify("shop/none")).isEqualTo(ExitCode.USAGE);
        assertThat(session.err).contains("no such Service among the objects: \"shop/none\"");
    }

    @Test
    void reportsARuleThatItDoesNotKnow() {
        listings.computeIfPresent("ip", (_, table) -> table.replace("vmap @cluster-pick", "vmap @of-another-program"));

        assertThat(verify("-o", "json")).isEqualTo(1);
        Map<?, ?> answer = Json.read(session.out, Map.class);
        assertThat((List<?>) answer.get("findings")).isNotEmpty().allSatisfy(finding -> {
            assertThat(((Map<?, ?>) finding).get("servicePort")).isEqualTo("shop/web:http/tcp");
            assertThat(String.valueOf(((Map<?, ?>) finding).get("doubt"))).contains("of-another-program");
        });
    }

    @Test
    void reportsRulesOfTheOtherMode() {
        String jump = "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES";
        String rules = "*nat\n:PREROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n" + jump + "\nCOMMIT\n";
        session.kernel = command -> command.words().contains("iptables-save")
                ? new ProcessResult(0, rules, "")
                : command.words().contains("ip6tables-save") ? new ProcessResult(0, "", "") : listed(command);

        assertThat(verify()).isZero();
        assertThat(session.err).contains("warning: the kernel also has rules of iptables mode");
    }

    @Test
    void failsIfTheKernelCannotBeRead() {
        session.kernel = _ -> new ProcessResult(1, "", "Operation not permitted");

        assertThat(session.run("verify", "-f", objects, "--local-addresses", "192.0.2.10"))
                .isEqualTo(ExitCode.KERNEL);
        assertThat(session.err).contains("Operation not permitted");
    }

    @Test
    void acceptsOnlyOneSourceOfObjects() {
        assertThat(verify("--kubeconfig", "somewhere")).isEqualTo(ExitCode.USAGE);
        assertThat(session.err).contains("-f cannot be combined with --kubeconfig or --master");
    }

    @Test
    void failsIfTheNamedApiServerCannotBeUsed() {
        String missing = folder.resolve("no-such-kubeconfig").toString();

        assertThat(session.run("verify", "--kubeconfig", missing)).isEqualTo(ExitCode.USAGE);
        assertThat(session.err).contains("cannot read objects", "no-such-kubeconfig");
        session.environment.put("KUBECONFIG", missing);
        assertThat(session.run("diff")).isEqualTo(ExitCode.USAGE);
        // As in client-go, a file in $KUBECONFIG that does not exist is skipped. Therefore no API server is known.
        assertThat(session.err).contains("cannot read objects", "no API server");
    }

    @Test
    void aRuleOfAnotherProgramThatDropsIsNamedOnce() {
        String foreign = """
                table inet firewalld {
                	chain filter_FORWARD {
                		type filter hook forward priority filter + 10; policy accept;
                		ip daddr 10.244.1.0/24 reject with icmpx admin-prohibited
                	}
                }
                """;
        String services = OBJECTS + """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: api, namespace: shop}
                spec: {clusterIP: 10.96.0.12, ports: [{name: http, port: 80}]}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: api-1, namespace: shop, labels: {kubernetes.io/service-name: api}}
                addressType: IPv4
                ports: [{name: http, port: 8080}]
                endpoints: [{addresses: [10.244.1.37]}]
                """;
        String file = session.file("two.yaml", services);
        assertThat(session.run("render", "-f", file, "--proxy-mode", "nftables", "--local-addresses", "192.0.2.10"))
                .isZero();
        String rules = session.file("rules.nft", session.out + foreign);

        String[] words = {"verify", "-f", file, "--rules", rules, "--local-addresses", "192.0.2.10"};
        assertThat(session.run(words)).isEqualTo(1);
        assertThat(session.out)
                .contains("2 Services: inet firewalld filter_FORWARD \"ip daddr 10.244.1.0/24 reject with icmpx"
                        + " admin-prohibited   (" + rules + ":")
                .contains(" of firewalld: rejected\n")
                .contains("other packets (--all shows them)")
                .contains("actual    refused\n");
        assertThat(session.out.split("2 Services:", -1)).hasSize(2);
        assertThat(session.processes).isEmpty();
        String[] all = Arrays.copyOf(words, words.length + 1);
        all[words.length] = "--all";
        assertThat(session.run(all)).isEqualTo(1);
        assertThat(session.out).doesNotContain("--all shows");
    }

    @Test
    void oneSettingOfTheProxyIsOneCause() {
        String config = session.file("config.yaml", """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                mode: nftables
                clusterCIDR: 10.244.0.0/16
                """);
        assertThat(session.run("render", "-f", objects, "--config", config, "--local-addresses", "192.0.2.10"))
                .isZero();
        String rules = session.file("rules.nft", session.out);

        assertThat(session.run("verify", "-f", objects, "--rules", rules, "--local-addresses", "192.0.2.10"))
                .isEqualTo(1);
        assertThat(session.out)
                .contains("packets from a client outside are masqueraded")
                .contains("--config");
        assertThat(session.run(
                        "verify",
                        "-f",
                        objects,
                        "--rules",
                        rules,
                        "--config",
                        config,
                        "--local-addresses",
                        "192.0.2.10"))
                .isZero();
    }
}
