package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.linux.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class CommandsTest {
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
            endpoints:
            - {addresses: [10.244.1.35]}
            - {addresses: [10.244.1.36]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: db, namespace: shop}
            spec: {type: ExternalName, externalName: db.example.com}
            """;
    private static final String BROKEN =
            "---\napiVersion: v1\nkind: Service\nmetadata: {name: bad}\nspec: {clusterIP: 10.96.0.999}\n";
    private static final String CONFIG = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";

    @TempDir
    Path folder;

    private Session session;
    private String objects;

    @BeforeEach
    void prepare() {
        session = new Session(folder);
        objects = session.file("objects.yaml", OBJECTS);
    }

    private String changed() {
        return session.file("changed.yaml", OBJECTS.replace("10.244.1.36", "10.244.1.40"));
    }

    @Test
    void applyWritesOnceAndThenHasNothingToDo() {
        assertThat(session.run("apply", "-f", objects, "--proxy-mode", "nftables"))
                .isZero();
        assertThat(session.out)
                .contains("Service shop/web:http/tcp  +2 -0")
                .endsWith("Applied: 3 added, 0 removed, 1 Services affected.\n");
        assertThat(session.nft().kernel).hasSize(3);

        assertThat(session.run("apply", "-f", objects, "--proxy-mode", "nftables"))
                .isZero();
        assertThat(session.out).startsWith("Nothing to do");
    }

    @Test
    void applyDryRunShowsEveryLineAndWritesNone() {
        assertThat(session.run("apply", "-f", objects, "--proxy-mode", "nftables", "--dry-run"))
                .isZero();
        assertThat(session.out)
                .contains("+ cluster IP 10.96.0.10:80 -> 10.244.1.35:8080")
                .contains("nothing was written");
        assertThat(session.nft().kernel).isEmpty();
    }

    @Test
    void applyNamesTheServiceThatTheKernelRefuses() {
        session.nft().refused.add(new ServiceName("shop", "web"));

        assertThat(session.run("apply", "-f", objects, "--proxy-mode", "nftables"))
                .isEqualTo(3);
        assertThat(session.err)
                .contains("shop/web:http")
                .contains("cluster IP 10.96.0.10:80")
                .contains("| tool says no");
        assertThat(session.nft().kernel).isEmpty();
    }

    @Test
    void diffReportsADifferenceByItsExitStatus() {
        assertThat(session.run("diff", "-f", objects, "--proxy-mode", "nftables"))
                .isEqualTo(1);
        assertThat(session.out).contains("Plan: 3 to add, 0 to remove, 1 Service affected.");
        assertThat(session.nft().kernel).isEmpty();

        session.run("apply", "-f", objects, "--proxy-mode", "nftables");
        assertThat(session.run("diff", "-f", objects, "--proxy-mode", "nftables"))
                .isZero();
        assertThat(session.out).isEqualTo("No changes.\n");
    }

    @Test
    void diffReadsNftablesRulesInTheRequestedWay() {
        session.run("diff", "-f", objects, "--proxy-mode", "nftables");
        assertThat(session.accesses).isNotEmpty().containsOnly(NftAccess.netlink);
        session.accesses.clear();

        assertThat(session.run("diff", "-f", objects, "--proxy-mode", "nftables", "--nft", "program"))
                .isEqualTo(ExitCode.DIFFERENCES);

        assertThat(session.accesses).isNotEmpty().containsOnly(NftAccess.program);
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void diffBetweenObjectsExplainsTheChange(ProxyMode mode) {
        session.realBackends = true;

        assertThat(session.run("diff", "--from", objects, "--to", changed(), "--proxy-mode", mode.text()))
                .isEqualTo(1);
        assertThat(session.out)
                .contains("Service shop/web:http/tcp")
                .contains("http/tcp IPv4: endpoint 10.244.1.36:8080 replaced by 10.244.1.40:8080")
                .contains("1 Service affected");
        assertThat(session.processes).isEmpty();

        assertThat(session.run("diff", "--from", objects, "--to", objects, "--proxy-mode", mode.text()))
                .isZero();
    }

    @Test
    void diffAsJsonHasTheSameLines() {
        session.run("diff", "--from", objects, "--to", changed(), "--proxy-mode", "nftables", "-o", "json");

        Map<?, ?> tree = Json.read(session.out, Map.class);
        assertThat(tree.get("add")).isEqualTo(1);
        assertThat(tree.get("remove")).isEqualTo(1);
        assertThat(tree.get("meanings").toString()).contains("shop/web").contains("replaced by");
    }

    @Test
    void diffNeedsBothSides() {
        assertThat(session.run("diff", "--from", objects)).isEqualTo(2);
        assertThat(session.err).contains("--to");
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void renderPrintsRulesWithoutReadingTheKernel(ProxyMode mode) {
        session.realBackends = true;

        assertThat(session.run("render", "-f", objects, "--proxy-mode", mode.text()))
                .isZero();
        assertThat(session.out).contains("10.96.0.10").contains("10.244.1.36");
        assertThat(session.processes).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"tree, true", "flat, false", "auto, false"})
    void renderUsesTheDispatchOption(String dispatch, boolean tree) {
        session.realBackends = true;
        String two = OBJECTS.replace("{name: http, port: 80}", "{name: http, port: 80}, {name: x, port: 81}")
                .replace("{name: http, port: 8080}", "{name: http, port: 8080}, {name: x, port: 8081}");
        session.in = two;

        assertThat(session.run("render", "-f", "-", "--iptables-dispatch", dispatch))
                .isZero();
        assertThat(session.out.contains("-j KUBE-SVC-T-")).isEqualTo(tree);
    }

    @ParameterizedTest
    @CsvSource({"kube-proxy, 0", "compact, 2"})
    void renderUsesTheEndpointLayoutOption(String layout, int withoutChain) {
        session.realBackends = true;
        session.in = OBJECTS.replace("{addresses: [", "{nodeName: elsewhere, addresses: [");

        assertThat(session.run("render", "-f", "-", "--iptables-layout", layout, "--node-name", "here"))
                .isZero();
        assertThat(session.out.lines().filter(line -> line.startsWith("-A KUBE-SVC-") && line.contains("-j DNAT")))
                .hasSize(withoutChain);
        assertThat(session.out.contains("KUBE-SEP-")).isEqualTo(withoutChain == 0);
    }

    @Test
    void renderReadsStandardInputAndPrintsThePlan() {
        session.in = OBJECTS;

        assertThat(session.run("render", "-f", "-", "-o", "json")).isZero();
        List<?> services = (List<?>) Json.read(session.out, Map.class).get("services");
        assertThat(services).hasSize(2);
        assertThat(services.getFirst().toString()).contains("db").contains("ExternalName");
        assertThat(services.get(1).toString())
                .contains("cluster IP 10.96.0.10:80")
                .contains("10.244.1.35:8080");

        assertThat(session.run("render", "-f", "-", "-o", "yaml")).isZero();
        assertThat(session.out).contains("mode: iptables");
    }

    @Test
    void listsBrokenObjectsAndRendersTheOthers() {
        String path = session.file("broken.yaml", OBJECTS + BROKEN);

        assertThat(session.run("render", "-f", path)).isZero();
        assertThat(session.out).contains("10.96.0.10");
        assertThat(session.err)
                .contains("error: " + path + ", document 4: Service default/bad: spec.clusterIP: not an IP address")
                .contains("1 objects left out");

        assertThat(session.run("render", "-f", path, "--strict")).isEqualTo(2);
        assertThat(session.out).isEmpty();
    }

    @Test
    void reportsMissingInputWithAdvice() {
        assertThat(session.run("render")).isEqualTo(2);
        assertThat(session.err).contains("no source of objects is given").contains("kubectl get");

        assertThat(session.run("render", "-f", folder.resolve("none.yaml").toString()))
                .isEqualTo(2);
        assertThat(session.err).contains("none.yaml: no such file");

        assertThat(session.run(
                        "render",
                        "-f",
                        objects,
                        "--config",
                        folder.resolve("none").toString()))
                .isEqualTo(2);
        assertThat(session.err).contains("--config: ").contains("no such file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--proxy-mode ipvs",
                "--proxy-mode x",
                "--iptables-dispatch deep",
                "--iptables-layout loose",
                "--local-addresses 10.0.0.300",
                "--node-name a/b",
                "-o xml",
                "--no-such-option"
            })
    void exitsWith2ForAWrongOption(String words) {
        String[] line = ("render -f " + objects + " " + words).split(" ");

        assertThat(session.run(line)).isEqualTo(2);
        assertThat(session.err).contains(line[line.length - 1].replace("--no-such-option", "Unknown option"));
    }

    @Test
    void flagsReplaceTheConfigurationFile() {
        String config = session.file("config.yaml", CONFIG + "mode: nftables\nhostnameOverride: from-file\n");

        session.run("render", "-f", objects, "--config", config, "-o", "json");
        assertThat(session.out).contains("\"mode\" : \"nftables\"");

        session.run("render", "-f", objects, "--config", config, "--proxy-mode", "iptables", "-o", "json");
        assertThat(session.out).contains("\"mode\" : \"iptables\"");
    }

    @Test
    void reportsEachWrongFieldOfAConfiguration() {
        String config = session.file("config.yaml", CONFIG + "iptables: {masqueradeBit: 77}\noomScoreAdj: x\n");

        assertThat(session.run("render", "-f", objects, "--config", config)).isEqualTo(2);
        assertThat(session.err)
                .contains("iptables.masqueradeBit: must be from 0 to 31, but is 77")
                .contains("oomScoreAdj: must be a whole number");
    }

    @Test
    void warnsOfAnUnknownField() {
        String config = session.file("config.yaml", CONFIG + "colour: blue\n");

        assertThat(session.run("render", "-f", objects, "--config", config)).isZero();
        assertThat(session.err).contains("warning: ").contains("colour: is no field of KubeProxyConfiguration");
    }

    @Test
    void readsTheKernelInsideTheGivenNamespace() {
        session.run("apply", "-f", objects, "--proxy-mode", "nftables", "--netns", "node-1");

        assertThat(session.processes).extracting(Command::text).containsExactly("ip netns exec node-1 ip -j addr show");

        assertThat(session.run("apply", "-f", objects, "--netns", "a;b")).isEqualTo(2);
    }

    @Test
    void doesNotReadAddressesThatAreGiven() {
        session.run("apply", "-f", objects, "--proxy-mode", "nftables", "--local-addresses", "192.0.2.1,fd00::1");

        assertThat(session.processes).extracting(Command::text).isEmpty();
    }

    @Test
    void cleanupListsAndRemovesBothModesRules() {
        session.run("apply", "-f", objects, "--proxy-mode", "nftables");
        session.run("apply", "-f", objects, "--proxy-mode", "iptables");

        assertThat(session.run("cleanup", "--dry-run")).isZero();
        assertThat(session.out)
                .contains("- cluster IP 10.96.0.10:80 -> 10.244.1.35:8080")
                .contains("iptables: 3 lines would be removed")
                .contains("nftables: 3 lines would be removed");
        assertThat(session.nft().kernel).hasSize(3);

        assertThat(session.run("cleanup", "--proxy-mode", "nftables")).isZero();
        assertThat(session.nft().kernel).isEmpty();
        assertThat(session.fakes.get(ProxyMode.IPTABLES).kernel).hasSize(3);

        assertThat(session.run("cleanup")).isZero();
        assertThat(session.out).contains("nftables: nothing to remove");
        assertThat(session.fakes.get(ProxyMode.IPTABLES).kernel).isEmpty();
    }

    @Test
    void cleanupContinuesWithTheOtherModeAndReportsTheFailure() {
        session.run("apply", "-f", objects, "--proxy-mode", "nftables");
        session.run("apply", "-f", objects, "--proxy-mode", "iptables");
        session.fakes
                .get(ProxyMode.IPTABLES)
                .failures
                .add(new ApplyFailedException(
                        ApplyFailedException.Kind.LOCKED, "busy", "", List.of(new Origin.Node()), List.of()));

        assertThat(session.run("cleanup")).isEqualTo(3);
        assertThat(session.err).contains("iptables: busy");
        assertThat(session.nft().kernel).isEmpty();
    }

    @Test
    void usesColourOnlyOnATerminalAndWithoutNoColor() {
        String escape = "\u001b[";
        session.run("diff", "-f", objects);
        assertThat(session.out).doesNotContain(escape);

        session.run("diff", "-f", objects, "--color", "always");
        assertThat(session.out).contains(escape);

        session.terminal = true;
        session.run("diff", "-f", objects);
        assertThat(session.out).contains(escape);

        session.environment.put("NO_COLOR", "1");
        session.run("diff", "-f", objects);
        assertThat(session.out).doesNotContain(escape);

        session.environment.clear();
        session.run("diff", "-f", objects, "--color", "never");
        assertThat(session.out).doesNotContain(escape);
    }

    static Stream<String> commands() {
        return command().getSubcommands().keySet().stream();
    }

    /**
     * Returns the commands that compute rules for a node. These are the commands with an option for the addresses of
     * the node.
     */
    static Stream<String> commandsOfANode() {
        return command().getSubcommands().entrySet().stream()
                .filter(entry -> entry.getValue().getCommandSpec().findOption("--local-addresses") != null)
                .map(Map.Entry::getKey);
    }

    private static CommandLine command() {
        return new Session(Path.of("")).commandLine();
    }

    @Test
    void hasTheCommandsOfTheReadme() throws IOException {
        Set<String> documented = Pattern.compile("^\\| `fairlead (\\w+)", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("../../README.md")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());

        assertThat(commands().filter(name -> !documented.contains(name)))
                .as("commands that README's table leaves out on purpose")
                .containsExactlyInAnyOrder("kube-proxy", "version", "help");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelp(String command) {
        assertThat(session.run(command, "--help")).isZero();
        assertThat(session.out).contains("Usage: " + (command.equals("kube-proxy") ? "" : "fairlead ") + command);

        assertThat(session.run("help", command)).isZero();
        assertThat(session.out).contains("Usage: " + (command.equals("kube-proxy") ? "" : "fairlead ") + command);
    }

    @ParameterizedTest
    @MethodSource("commandsOfANode")
    void everyCommandOfANodeHasTheSameOptionsAndExamples(String command) {
        session.run(command, "--help");

        assertThat(session.out)
                .contains("--proxy-mode", "--config", "--node-name", "--local-addresses")
                .contains("Examples:");
    }

    @Test
    void listsTheCommandsOfANode() {
        assertThat(commandsOfANode())
                .containsExactlyInAnyOrder(
                        "render", "diff", "apply", "trace", "verify", "why", "doctor", "agent", "kube-proxy");
    }

    @Test
    void printsHelpAndFailsWithoutACommand() {
        assertThat(session.run()).isEqualTo(2);
        assertThat(session.err).contains("Usage: fairlead").contains("render");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completionKnowsEveryCommand(String shell) {
        assertThat(session.run("completion", shell)).isZero();
        assertThat(session.out)
                .contains(
                        "complete -F",
                        "fairlead",
                        "cleanup",
                        "--proxy-mode",
                        "(\"kube-proxy\" \"compact\") # --iptables-layout");
    }

    @Test
    void printsItsVersion() {
        assertThat(session.run("version")).isZero();
        assertThat(session.out).startsWith("fairlead ");
        assertThat(session.run("--version")).isZero();
    }

    /** Tests statement NP-10 of docs/behaviour.md. */
    @Test
    void leavesLocalhostOutOfNodePortsIfDisabled() {
        session.realBackends = true;
        session.in = """
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec: {type: NodePort, clusterIP: 10.96.0.10, ports: [{port: 80, nodePort: 30080}]}
                """;
        String config = session.file("config", """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                iptables: {localhostNodePorts: false}
                """);

        assertThat(session.run("render", "-f", "-", "--local-addresses", "192.0.2.1"))
                .isZero();
        assertThat(session.out).contains("-m addrtype --dst-type LOCAL -j KUBE-NODEPORTS");
        assertThat(session.run("render", "-f", "-", "--local-addresses", "192.0.2.1", "--config", config))
                .isZero();
        assertThat(session.out)
                .containsPattern("-m addrtype --dst-type LOCAL ! -d 127.0.0.0/8 -j KUBE-NODEPORTS")
                .doesNotContain("-m addrtype --dst-type LOCAL -j KUBE-NODEPORTS");
    }
}
