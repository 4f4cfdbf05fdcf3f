package io.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.Connecting;
import io.fairlead.e2e.fixtures.ControlPlane;
import io.fairlead.e2e.fixtures.NeedsKubernetes;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.e2e.fixtures.RealCluster;
import io.fairlead.lab.Conversation;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests the replacement of kube-proxy by Fairlead and back. First kube-proxy writes rules, then Fairlead starts with
 * these rules, then kube-proxy starts with Fairlead's rules, in the same mode and in the other mode. A client connects
 * all the time.
 */
@NeedsRoot
@NeedsKubernetes({"kube-apiserver", "etcd", "kube-proxy"})
@Timeout(240)
final class SwapTest {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int LONG_LIVED = 20;
    private static final String WEB = "10.96.7.1:80";
    private static final String MARKER = "10.96.7.2:80";

    private static final String TREE = "--iptables-dispatch=tree";
    private static final String COMPACT = "--iptables-layout=compact";
    /** The pods of the Service. The last pod is on another node. */
    private static final String[] PODS = {"pod-1", "pod-2", "node-b"};

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    static Stream<Arguments> pairs() {
        Stream<Arguments> usual = Stream.of(ProxyMode.values())
                .flatMap(kubeProxy -> Stream.of(ProxyMode.values())
                        .map(fairlead -> Arguments.of(kubeProxy, fairlead, "--iptables-dispatch=auto")));
        Stream<Arguments> trees =
                Stream.of(ProxyMode.values()).map(kubeProxy -> Arguments.of(kubeProxy, ProxyMode.IPTABLES, TREE));
        return Stream.of(usual, trees, Stream.of(Arguments.of(ProxyMode.IPTABLES, ProxyMode.IPTABLES, COMPACT)))
                .flatMap(Function.identity());
    }

    /**
     * @param layout a flag of Fairlead that selects the layout of its rules. kube-proxy must also remove the chains of
     *     the tree layout (IPT-23)
     */
    @ParameterizedTest(name = "kube-proxy {0}, Fairlead {1} {2}")
    @MethodSource("pairs")
    void needsNoCleaningUpAndLosesNoConnection(ProxyMode kubeProxy, ProxyMode fairlead, String layout) {
        try (RealCluster cluster = new RealCluster(folder)) {
            cluster.service("web", "10.96.7.1");
            cluster.slice("web", "10.244.1.11", "10.244.1.12", "10.244.2.11");
            NodeProcess first = cluster.kubeProxy(kubeProxy);
            Await.until(() -> cluster.answers(WEB, PODS), START, first::log);

            try (Connecting connecting = new Connecting(Map.of(WEB, () -> cluster.ask(WEB)))) {
                first.stop();
                NodeProcess ours = cluster.fairlead(fairlead, ControlPlane.ADMINISTRATOR, layout);
                follows(cluster, "10.244.1.11", "pod-1", ours);
                assertThat(ours.log()).doesNotContain("failed:");
                Await.until(
                        () -> others(cluster, fairlead).isEmpty(), SOON, () -> others(cluster, fairlead) + ours.log());
                connecting.assertNoneFailed(50);
                List<String> taken = rules(cluster);
                assertThat(taken.stream().anyMatch(line -> line.contains("-j KUBE-SVC-T-")))
                        .isEqualTo(layout.equals(TREE));
                assertThat(hasEndpointsWithoutChain(taken)).isEqualTo(layout.equals(COMPACT));
                ours.stop();

                NodeProcess back = cluster.kubeProxy(kubeProxy);
                follows(cluster, "10.244.1.12", "pod-2", back);
                Await.until(
                        () -> others(cluster, kubeProxy).isEmpty(),
                        SOON,
                        () -> others(cluster, kubeProxy).toString());
                if (kubeProxy == fairlead) { // in another mode kube-proxy removes the rules before it writes its own
                    connecting.assertNoneFailed(50);
                }
                connecting.end();
                List<String> takenBack = rules(cluster);
                back.stop();
                // The rules that kube-proxy wrote while Fairlead's existed must equal the rules that it writes when
                // there are no rules.
                flush(cluster);
                NodeProcess fresh = cluster.kubeProxy(kubeProxy);
                // kube-proxy sometimes adds one of its own jumps a second time. This difference is ignored.
                Await.until(
                        () -> distinct(rules(cluster)).equals(distinct(takenBack)),
                        START,
                        () -> difference(takenBack, rules(cluster)));
                fresh.stop();
                forget(cluster, "pod-2");
                flush(cluster);
                NodeProcess freshOurs = cluster.fairlead(fairlead, ControlPlane.ADMINISTRATOR, layout);
                Await.until(() -> rules(cluster).equals(taken), START, () -> difference(taken, rules(cluster)));
                freshOurs.stop();
            }
        }
    }

    @Test
    void aRestartWithAnotherLayoutLosesNoConnection() {
        try (RealCluster cluster = new RealCluster(folder)) {
            cluster.service("web", "10.96.7.1");
            cluster.slice("web", "10.244.1.11", "10.244.1.12", "10.244.2.11");
            NodeProcess first = cluster.fairlead(ProxyMode.IPTABLES, ControlPlane.ADMINISTRATOR);
            Await.until(() -> cluster.answers(WEB, PODS), START, first::log);
            assertThat(hasEndpointsWithoutChain(rules(cluster))).isFalse();

            try (Connecting connecting = new Connecting(Map.of(WEB, () -> cluster.ask(WEB)))) {
                first.stop();
                NodeProcess compact = cluster.fairlead(ProxyMode.IPTABLES, ControlPlane.ADMINISTRATOR, COMPACT);
                Await.until(() -> hasEndpointsWithoutChain(rules(cluster)), START, compact::log);
                assertThat(cluster.answers(WEB, PODS)).isTrue();
                compact.stop();
                NodeProcess last = cluster.fairlead(ProxyMode.IPTABLES, ControlPlane.ADMINISTRATOR);
                Await.until(() -> !hasEndpointsWithoutChain(rules(cluster)), START, last::log);
                assertThat(cluster.answers(WEB, PODS)).isTrue();
                last.stop();
                connecting.end();
                connecting.assertNoneFailed(50);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void aRestartInTheOtherModeLosesNoConnection(ProxyMode before) throws IOException {
        ProxyMode after = before == ProxyMode.IPTABLES ? ProxyMode.NFTABLES : ProxyMode.IPTABLES;
        try (RealCluster cluster = new RealCluster(folder)) {
            cluster.service("web", "10.96.7.1");
            cluster.slice("web", "10.244.1.11", "10.244.1.12", "10.244.2.11");
            NodeProcess first = cluster.fairlead(before, ControlPlane.ADMINISTRATOR);
            Await.until(() -> cluster.answers(WEB, PODS), START, first::log);

            Map<Conversation, String> open = new LinkedHashMap<>();
            for (int i = 0; i < LONG_LIVED; i++) {
                Conversation conversation = cluster.client().converse(null, IpPort.parse(WEB), SOON);
                open.put(conversation, conversation.who());
            }
            assertThat(Set.copyOf(open.values())).hasSizeGreaterThan(1);
            try (Connecting connecting = new Connecting(Map.of(WEB, () -> cluster.ask(WEB)))) {
                connecting.awaitMore(50);
                first.stop();
                NodeProcess second = cluster.fairlead(after, ControlPlane.ADMINISTRATOR);
                follows(cluster, "10.244.1.11", "pod-1", second);
                Await.until(() -> others(cluster, after).isEmpty(), SOON, () -> others(cluster, after) + second.log());
                connecting.awaitMore(50);
                connecting.end();
                connecting.assertNoneFailed(100);
                for (Map.Entry<Conversation, String> each : open.entrySet()) {
                    assertThat(each.getKey().who()).isEqualTo(each.getValue());
                    each.getKey().close();
                }
                second.stop();
            }
        }
    }

    private static boolean hasEndpointsWithoutChain(List<String> rules) {
        return rules.stream().anyMatch(line -> line.startsWith("-A KUBE-SVC-") && line.contains("-j DNAT"));
    }

    /**
     * Returns whether kube-proxy has written the rules of both families. Its metrics contain the time of the last sync
     * for each family.
     */
    private static boolean hasSynced(RealCluster cluster) {
        return cluster.world().node().inside(() -> {
            try (var metrics =
                    URI.create("http://127.0.0.1:10249/metrics").toURL().openStream()) {
                return new String(metrics.readAllBytes(), StandardCharsets.UTF_8)
                                .lines()
                                .filter(
                                        line -> line.matches(
                                                "kubeproxy_sync_proxy_rules_last_timestamp_seconds\\{ip_family=\"IPv.\"} [1-9].*"))
                                .count()
                        == 2;
            } catch (IOException _) {
                return false;
            }
        });
    }

    /**
     * Returns the rules that packets can reach on the node, in a fixed order: the rules of iptables, and the rules of
     * nftables chains and maps to which a hook leads. Other chains are left out, because kube-proxy keeps unknown
     * chains in its table although no rule leads to them. KUBE-FIREWALL is left out too, because it also belongs to the
     * kubelet and changes no address (CLN-4).
     */
    private static List<String> rules(RealCluster cluster) {
        Stream<String> tables = Stream.of("ip", "ip6")
                .filter(family ->
                        lines(cluster, "nft", "list", "tables", family).anyMatch(line -> line.endsWith(" kube-proxy")))
                .flatMap(family ->
                        NftText.inForce(lines(cluster, "nft", "list", "table", family, "kube-proxy")
                                        .toList())
                                .stream());
        Stream<String> iptables = Stream.of("iptables-save", "ip6tables-save")
                .flatMap(program -> lines(cluster, program))
                .filter(line -> line.startsWith("-A") && !line.contains("KUBE-FIREWALL"));
        return Stream.concat(tables, iptables).sorted().toList();
    }

    private static String difference(List<String> before, List<String> now) {
        return "only after the other: "
                + before.stream().filter(line -> !now.contains(line)).toList() + "\nonly from scratch: "
                + now.stream().filter(line -> !before.contains(line)).toList();
    }

    private static List<String> distinct(List<String> rules) {
        return rules.stream().distinct().toList();
    }

    private static void flush(RealCluster cluster) {
        ProcessResult result = cluster.world().nodeRunner().run(Command.of("nft", "flush", "ruleset"));
        assertThat(result.succeeded()).as("%s", result).isTrue();
    }

    private static void forget(RealCluster cluster, String name) {
        cluster.deleteSlice("marker-" + name);
        cluster.deleteService("marker-" + name);
    }

    /** Creates a new Service and waits until the running proxy sends its connections to the Service's pod. */
    private static void follows(RealCluster cluster, String pod, String name, NodeProcess proxy) {
        cluster.service("marker-" + name, name.equals("pod-1") ? "10.96.7.2" : "10.96.7.3");
        cluster.slice("marker-" + name, pod);
        String at = name.equals("pod-1") ? MARKER : "10.96.7.3:80";
        Await.until(() -> cluster.answers(at, name) && hasSynced(cluster), START, proxy::log);
        assertThat(cluster.answers(WEB, PODS)).isTrue();
    }

    /** Returns the remaining rules that change addresses in the mode that is not in use. */
    private static List<String> others(RealCluster cluster, ProxyMode inUse) {
        return switch (inUse) {
            case IPTABLES ->
                lines(cluster, "nft", "list", "tables")
                        .filter(line -> line.endsWith(" kube-proxy"))
                        .toList();
            case NFTABLES ->
                lines(cluster, "iptables-save", "-t", "nat")
                        .filter(line -> line.contains("-j KUBE-SERVICES") || line.contains("DNAT"))
                        .toList();
        };
    }

    private static Stream<String> lines(RealCluster cluster, String... words) {
        ProcessResult result = cluster.world().nodeRunner().run(Command.of(words));
        assertThat(result.succeeded()).as("%s", result).isTrue();
        return result.output().lines();
    }
}
