package io.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.NeedsKubernetes;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.e2e.fixtures.RealCluster;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests a dry run of Fairlead on a node with kube-proxy. Fairlead compares kube-proxy's rules with its plan, and
 * changes nothing on the node.
 */
@NeedsRoot
@NeedsKubernetes({"kube-apiserver", "etcd", "kube-proxy"})
@Timeout(120)
final class DryRunTest {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern COUNTERS =
            Pattern.compile("\\[\\d+:\\d+]|packets \\d+ bytes \\d+|^#.*$", Pattern.MULTILINE);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void findsKubeProxysRulesAlikeUntilTheyFallBehindAndWritesNothing(ProxyMode mode) {
        try (RealCluster cluster = new RealCluster(folder)) {
            cluster.service("web", "10.96.7.1");
            cluster.slice("web", "10.244.1.11", "10.244.1.12", "10.244.2.11");
            cluster.patchService("web", "{\"spec\": {\"type\": \"NodePort\", \"externalTrafficPolicy\": \"Local\"}}");
            cluster.service("sticky", "10.96.7.2");
            cluster.slice("sticky", "10.244.1.11", "10.244.2.11");
            cluster.patchService("sticky", "{\"spec\": {\"sessionAffinity\": \"ClientIP\"}}");
            cluster.service("idle", "10.96.7.3");
            NodeProcess kubeProxy = cluster.kubeProxy(mode);
            Await.until(() -> cluster.answers("10.96.7.1:80", "pod-1", "pod-2"), START, kubeProxy::log);

            NodeProcess dry = cluster.dryRun(mode);
            Await.until(
                    () -> dry.count(
                                    "node ports as expected, 0 missing, 0 different; (\\d+) of \\1 Services as expected")
                            > 0,
                    START,
                    dry::log);
            kubeProxy.stop();
            String before = rules(cluster);
            cluster.patchSlice("sticky", "10.244.1.12");
            cluster.service("late", "10.96.7.4");

            Await.until(() -> dry.count("node ports as expected, 1 missing, 1 different") > 0, START, dry::log);
            assertThat(cluster.world()
                            .nodeRunner()
                            .run(Command.of("curl", "-s", "http://127.0.0.1:20249/diff"))
                            .output())
                    .contains(
                            "Service default/late:http/tcp\n  missing   cluster IP 10.96.7.4:80, packet ",
                            "            expected: refused\n            actual:   " + unserved(mode) + "\n")
                    .contains(
                            "Service default/sticky:http/tcp\n  different cluster IP 10.96.7.2:80, packet ",
                            "            expected: sent to 10.244.1.12:8080");
            assertThat(dry.stop()).isZero();
            assertThat(rules(cluster)).isEqualTo(before);
        }
    }

    /**
     * Returns the outcome, with kube-proxy's rules, of a packet to an address in the Service range that no Service has.
     */
    private static String unserved(ProxyMode mode) {
        return switch (mode) {
            case IPTABLES -> "passes with unchanged addresses";
            case NFTABLES -> "dropped";
        };
    }

    /** Returns all rules on the node, without packet counters. */
    private static String rules(RealCluster cluster) {
        return Pattern.compile(" ")
                .splitAsStream("nft+list+ruleset iptables-save ip6tables-save")
                .map(words -> {
                    ProcessResult result = cluster.world().nodeRunner().run(Command.of(words.split("\\+", -1)));
                    assertThat(result.succeeded()).as("%s", result).isTrue();
                    return COUNTERS.matcher(result.output()).replaceAll("");
                })
                .collect(Collectors.joining("\n"));
    }
}
