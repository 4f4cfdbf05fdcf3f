package io.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.ControlPlane;
import io.fairlead.e2e.fixtures.NeedsKubernetes;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.e2e.fixtures.RealCluster;
import io.fairlead.lab.Answer;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests the agent with a real API server. Connections must show every change that is written to the server, even if the
 * server or etcd is killed in the meantime.
 */
@NeedsRoot
@NeedsKubernetes({"kube-apiserver", "etcd"})
@Timeout(240)
final class RealClusterTest {
    /**
     * The time limit of a change, from the write to the API until connections show it. A change needs far less time.
     */
    private static final Duration SOON = Duration.ofSeconds(5);

    /**
     * The time limit for a start of the agent, and for a watch to find a server that was restarted. It is the longest
     * wait between two attempts.
     */
    private static final Duration LATER = Duration.ofSeconds(60);

    /** The time limit of a repair: twice the promised time, because test machines are shared. */
    private static final Duration REPAIR = Duration.ofSeconds(2);

    private static final String WEB = "10.96.7.1:80";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void everyVerbIsSeenOnTheWire(ProxyMode mode) {
        try (RealCluster cluster = new RealCluster(folder)) {
            NodeProcess agent = cluster.fairlead(mode, ControlPlane.ADMINISTRATOR);
            cluster.service("web", "10.96.7.1");
            cluster.slice("web", "10.244.1.11");
            within(LATER, agent, () -> cluster.answers(WEB, "pod-1"));

            cluster.replaceSlice("web", "10.244.1.12");
            within(SOON, agent, () -> cluster.answers(WEB, "pod-2"));
            cluster.patchSlice("web", "10.244.2.11");
            within(SOON, agent, () -> cluster.answers(WEB, "node-b"));
            cluster.patchService("web", """
                    {"spec": {"ports": [{"name": "http", "port": 81, "targetPort": 8080}]}}""");
            within(SOON, agent, () -> cluster.answers("10.96.7.1:81", "node-b") && !cluster.answers(WEB, "node-b"));
            cluster.patchService("web", "{\"spec\": {\"externalIPs\": [\"198.51.100.9\"]}}");
            within(SOON, agent, () -> cluster.answers("198.51.100.9:81", "node-b"));
            cluster.deleteSlice("web");
            within(SOON, agent, () -> cluster.ask("10.96.7.1:81") instanceof Answer.Refused);
            cluster.slice("web", "10.244.1.11");
            within(SOON, agent, () -> cluster.answers("10.96.7.1:81", "pod-1"));
            cluster.patchService("web", """
                    {"metadata": {"labels": {"service.kubernetes.io/service-proxy-name": "another"}}}""");
            within(SOON, agent, () -> !cluster.answers("10.96.7.1:81", "pod-1"));
            cluster.patchService("web", """
                    {"metadata": {"labels": {"service.kubernetes.io/service-proxy-name": null}}}""");
            within(SOON, agent, () -> cluster.answers("10.96.7.1:81", "pod-1"));
            cluster.deleteService("web");
            within(SOON, agent, () -> !cluster.answers("10.96.7.1:81", "pod-1"));

            assertThat(agent.stop()).isZero();
            assertThat(agent.log()).doesNotContain("failed:").contains("stopped; rules are kept");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ProxyMode.class,
            names = {"NFTABLES"})
    void whatHappensToTheServerDoesNotHappenToTheRules(ProxyMode mode) {
        try (RealCluster cluster = new RealCluster(folder)) {
            cluster.service("web", "10.96.7.1");
            cluster.slice("web", "10.244.1.11");
            cluster.plane().killApiServer();
            NodeProcess agent = cluster.fairlead(mode, ControlPlane.ADMINISTRATOR);
            within(LATER, agent, () -> agent.count("cannot follow") > 0);
            cluster.plane().restartApiServer();
            within(LATER, agent, () -> cluster.answers(WEB, "pod-1"));

            cluster.plane().killApiServer();
            within(LATER, agent, () -> agent.count("cannot follow Services") > 1);
            assertThat(cluster.ask(WEB)).isInstanceOf(Answer.Answered.class);
            cluster.plane().restartApiServer();
            cluster.replaceSlice("web", "10.244.1.12");
            within(LATER, agent, () -> cluster.answers(WEB, "pod-2"));

            cluster.plane().killEtcd();
            assertThat(cluster.ask(WEB)).isInstanceOf(Answer.Answered.class);
            cluster.plane().restartEtcd();
            cluster.plane().awaitReady();
            cluster.replaceSlice("web", "10.244.1.11");
            within(LATER, agent, () -> cluster.answers(WEB, "pod-1"));

            assertThat(agent.isAlive()).isTrue();
            assertThat(List.of(agent.stop(), 0)).containsOnly(0);
        }
    }

    @Test
    void whatOthersBreakIsRepairedWithinASecondOrTwo() {
        try (RealCluster cluster = new RealCluster(folder)) {
            cluster.service("web", "10.96.7.1");
            cluster.slice("web", "10.244.1.11");
            NodeProcess agent = cluster.fairlead(ProxyMode.NFTABLES, ControlPlane.ADMINISTRATOR);
            within(LATER, agent, () -> cluster.answers(WEB, "pod-1"));

            for (String[] vandal : new String[][] {
                {"nft", "flush", "ruleset"},
                {"nft", "delete", "element", "ip", "kube-proxy", "service-ips", "{ 10.96.7.1 . tcp . 80 }"},
                {"nft", "flush", "chain", "ip", "kube-proxy", "services"}
            }) {
                ProcessResult result = cluster.world().nodeRunner().run(Command.of(vandal));
                assertThat(result.succeeded()).as("%s", result).isTrue();
                assertThat(cluster.answers(WEB, "pod-1"))
                        .as("broken by %s", List.of(vandal))
                        .isFalse();
                within(REPAIR, agent, () -> cluster.answers(WEB, "pod-1"));
            }

            // The agent logs this after it has applied the rules, so connections may succeed before the line is logged.
            String logged = "repaired after nft \\(\\d+\\) had changed the rules";
            within(REPAIR, agent, () -> agent.count(logged) >= 3);
            assertThat(agent.count(logged)).isEqualTo(3);
            assertThat(agent.stop()).isZero();
        }
    }

    private static void within(Duration most, NodeProcess agent, BooleanSupplier so) {
        Await.until(so, most, agent::log);
    }
}
