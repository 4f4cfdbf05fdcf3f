package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.serve.FreePort;
import io.fairlead.cluster.watch.FakeApiServer;
import io.fairlead.cluster.watch.Samples;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the actions that the agent does once: cleanup, initialisation, and the actions after the first rules. */
@Timeout(60)
final class AgentOnceTest {
    private static final String LINE = "cluster IP 10.96.0.10:80 -> 10.244.1.5:8080";

    @TempDir
    Path folder;

    private Session session;
    private Thread thread;

    @BeforeEach
    void prepare() {
        session = new Session(folder);
    }

    /** Tests statement CLN-1 of docs/behaviour.md. */
    @Test
    void cleanupRemovesTheRulesOfBothModes() {
        session.fakes.get(ProxyMode.IPTABLES).kernel.put("one", new Origin.Node());
        session.fakes.get(ProxyMode.NFTABLES).kernel.put("two", new Origin.Node());

        assertThat(session.run("agent", "--cleanup")).isZero();

        assertThat(session.fakes.values())
                .allSatisfy(kernel -> assertThat(kernel.lines()).isEmpty());
        assertThat(session.err).contains("iptables: removed 1 lines").contains("nftables: removed 1 lines");
        assertThat(session.processes)
                .as("no sysctl, no flow is touched (CLN-6)")
                .isEmpty();
    }

    @Test
    void cleanupContinuesAfterAFailureAndReportsIt() {
        session.fakes.get(ProxyMode.IPTABLES).kernel.put("one", new Origin.Node());
        session.fakes.get(ProxyMode.NFTABLES).kernel.put("two", new Origin.Node());
        session.fakes
                .get(ProxyMode.IPTABLES)
                .failures
                .add(new ApplyFailedException(
                        ApplyFailedException.Kind.LOCKED, "another program holds the lock", "", List.of(), List.of()));

        assertThat(session.run("kube-proxy", "--cleanup")).isEqualTo(ExitCode.KERNEL);

        assertThat(session.fakes.get(ProxyMode.NFTABLES).lines()).isEmpty();
        assertThat(session.err).contains("iptables: cannot remove rules: another program holds the lock");
    }

    @Test
    void cleanupWithoutRulesSucceeds() {
        assertThat(session.run("agent", "--cleanup")).isZero();
        assertThat(session.err).contains("iptables: nothing to remove").contains("nftables: nothing to remove");
        assertThat(session.nft().calls).doesNotContain("apply");
    }

    @Test
    void cleanupReportsAConfigurationFileThatCannotBeRead() {
        assertThat(session.run("agent", "--cleanup", "--config", "/no/such/file"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(session.err).contains("--config: /no/such/file");
    }

    /** Tests {@code --init-only}. The settings already have the values that it would write (CLN-8). */
    @Test
    void initialisingWritesNoRule() throws IOException {
        String score = Files.readString(Path.of("/proc/self/oom_score_adj")).strip();

        assertThat(session.run(
                        "agent",
                        "--init-only",
                        "--oom-score-adj=" + score,
                        "--conntrack-max-per-core=0",
                        "--conntrack-tcp-timeout-established=0s",
                        "--conntrack-tcp-timeout-close-wait=0s",
                        "--iptables-localhost-nodeports=false"))
                .as(session.err)
                .isZero();

        assertThat(session.fakes.values())
                .allSatisfy(kernel -> assertThat(kernel.calls).isEmpty());
        assertThat(session.processes).isEmpty();
    }

    private String config(FakeApiServer fake, int syncMillis) throws IOException {
        String kubeconfig = session.file("kubeconfig", """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: '%s'}}]
                users: [{name: u, user: {}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(fake.address()));
        return """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                mode: nftables
                hostnameOverride: node-a
                clientConnection: {kubeconfig: %s}
                healthzBindAddress: 127.0.0.1:%d
                metricsBindAddress: 127.0.0.1:%d
                nftables: {syncPeriod: %dms}
                """.formatted(kubeconfig, FreePort.next(), FreePort.next(), syncMillis);
    }

    private static void fill(FakeApiServer fake) {
        fake.put(Samples.service("web", "10.96.0.10"));
        fake.put(Samples.slice("web", "web-1", "10.244.1.5"));
        fake.put(Samples.node("node-a", "zone-1"));
    }

    private FutureTask<Integer> start(String file) {
        FutureTask<Integer> running = new FutureTask<>(() ->
                session.run("agent", "--netns", "agent-none", "--local-addresses", "192.0.2.1", "--config", file));
        thread = Thread.ofPlatform().start(running);
        return running;
    }

    private long applies() {
        return List.copyOf(session.nft().calls).stream().filter("apply"::equals).count();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(10);
        }
    }

    /** Tests statements CFG-10 and CLN-7 of docs/behaviour.md. */
    @Test
    void endsTheAgentAndKeepsRulesIfTheConfigurationChanges() throws Exception {
        try (FakeApiServer fake = new FakeApiServer()) {
            fill(fake);
            Path file = Path.of(session.file("config", config(fake, 30_000)));
            FutureTask<Integer> running = start(file.toString());
            await("the rules", () -> session.nft().lines().anyMatch(LINE::equals));

            Files.writeString(file, config(fake, 31_000));

            assertThat(running.get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.ENDED);
            assertThat(session.err).contains("configuration file changed; exiting");
            assertThat(session.nft().lines()).contains(LINE);
        }
    }

    /** Tests that the rules of the other mode are removed only after the new rules are applied (CLN-2). */
    @Test
    void removesRulesOfTheOtherModeAfterItsOwnAreApplied() throws Exception {
        try (FakeApiServer fake = new FakeApiServer()) {
            fill(fake);
            session.fakes.get(ProxyMode.IPTABLES).kernel.put("left behind", new Origin.Node());
            String file = session.file("config", config(fake, 30_000));
            for (int i = 0; i < 2; i++) {
                session.nft()
                        .failures
                        .add(new ApplyFailedException(
                                ApplyFailedException.Kind.REJECTED, "not yet", "", List.of(), List.of()));
            }
            FutureTask<Integer> running = start(file);
            await("the first failure", () -> applies() == 1);
            fake.put(Samples.slice("web", "web-2", "10.244.1.6"));
            await("the second, so that the first round is over", () -> applies() == 2);
            assertThat(session.fakes.get(ProxyMode.IPTABLES).lines()).containsExactly("left behind");

            fake.put(Samples.slice("web", "web-3", "10.244.1.7"));
            await("the rules", () -> session.nft().lines().anyMatch(LINE::equals));
            await(
                    "the end of what was left",
                    () -> session.fakes
                            .get(ProxyMode.IPTABLES)
                            .lines()
                            .findAny()
                            .isEmpty());
            thread.interrupt();

            assertThat(running.get(30, TimeUnit.SECONDS)).isZero();
            assertThat(session.err).contains("removed 1 lines of rules that a proxy in iptables mode had left");
        }
    }
}
