package io.fairlead.bench;

import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.loop.RuleSync;
import io.fairlead.cli.CommandException;
import io.fairlead.cli.ExitCode;
import io.fairlead.conntrack.ConntrackReconciler;
import io.fairlead.conntrack.ConntrackStatus;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Ipv4;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.linux.time.SystemTime;
import io.fairlead.nft.NftChange;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.NftRuleset;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures whether changes of rules wait for the removal of stale UDP flows. It measures single changes without the
 * removal and with it.
 */
final class ConntrackBench {
    private static final Duration EACH = Duration.ofSeconds(8);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final BenchNetwork network;
    private final PrintWriter out;
    private final BenchCluster cluster;
    private final int services;
    private final RuleSync<NftRuleset, NftChange> rules;

    ConntrackBench(BenchNetwork network, int services, int endpoints, PrintWriter out) {
        this.network = network;
        this.services = services;
        this.out = out;
        this.cluster = new BenchCluster(services, endpoints, Protocol.UDP);
        NodeSettings settings = NodeSettings.defaults(ProxyMode.NFTABLES, "bench");
        this.rules = new RuleSync<>(new NftKernel(network.nftables()).backend(), () -> settings, new SystemTime());
    }

    void measure(int flows) {
        PlanDelta all = round(null);
        List<IpPort> frontends = IntStream.range(0, services)
                .mapToObj(i -> new IpPort(new Ipv4(BenchCluster.FIRST_CLUSTER_IP + i), BenchCluster.PORT))
                .toList();
        for (int sent = 0; sent < flows; sent += services) {
            network.send(frontends.subList(0, Math.min(services, flows - sent)));
        }
        out.printf(Locale.ROOT, "  %,d UDP flows%n", flows);
        changes(Duration.ofSeconds(2), null);
        print("change of rules", changes(EACH, null));
        try (ConntrackReconciler conntrack = ConntrackReconciler.start(
                network.namespace(), () -> Host.of(network.addresses()), _ -> {}, new SystemTime())) {
            conntrack.planned(all);
            conntrack.committed();
            print("change of rules during the clean-up", changes(EACH, conntrack));
            if (!conntrack.awaitDone(PATIENCE)) {
                throw new CommandException(ExitCode.KERNEL, "the clean-up of flows does not end within a minute");
            }
            ConntrackStatus status = conntrack.status();
            out.printf(
                    Locale.ROOT,
                    "  %,d passes over all flows meanwhile, the last took %.0f ms; %,d flows removed, %d failures%n",
                    status.passes(),
                    status.lastDuration().toNanos() / 1e6,
                    status.removed(),
                    status.failures());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.KERNEL, "interrupted");
        }
    }

    /**
     * Changes one endpoint after another until the time has passed. Returns the duration of each change in
     * milliseconds, including the time to pass it to the reconciler, which removes flows.
     *
     * @param most the time in which changes are started
     * @param conntrack the reconciler; null if no flows are removed
     */
    private double[] changes(Duration most, @Nullable ConntrackReconciler conntrack) {
        List<Double> took = new ArrayList<>();
        long until = System.nanoTime() + most.toNanos();
        while (System.nanoTime() < until) {
            cluster.changeOneEndpoint();
            long begun = System.nanoTime();
            PlanDelta delta = round(conntrack);
            took.add((System.nanoTime() - begun) / 1e6);
            if (delta.services().size() != 1) {
                throw new IllegalStateException("one endpoint is of one Service, not of " + delta.services());
            }
        }
        return took.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private PlanDelta round(@Nullable ConntrackReconciler conntrack) {
        RoundResult report = rules.round(cluster.take(), false);
        PlanDelta delta = report.delta();
        if (report.outcome() == RoundResult.Outcome.FAILED || delta == null) {
            throw new CommandException(ExitCode.KERNEL, report.error());
        }
        if (conntrack != null) {
            conntrack.planned(delta);
            conntrack.committed();
        }
        return delta;
    }

    private void print(String what, double[] took) {
        Arrays.sort(took);
        out.printf(
                Locale.ROOT,
                "  %-38s %7.2f ms, 99 %% %7.2f ms, slowest %7.2f ms (%,d changes)%n",
                what,
                took[took.length / 2],
                took[took.length * 99 / 100],
                took[took.length - 1],
                took.length);
    }
}
