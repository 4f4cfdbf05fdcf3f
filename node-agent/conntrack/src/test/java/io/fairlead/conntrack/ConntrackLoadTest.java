package io.fairlead.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.fixture.ClusterObjects;
import io.fairlead.core.fixture.KernelAccess;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Ipv4;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.lab.Lab;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.time.SystemTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Measures the removal of stale flows with 10,000 Services, 50,000 UDP flows and 50,000 TCP flows in one kernel. It
 * prints all durations. The only duration that it checks is that of the whole removal, with a limit of one minute,
 * because machines may be slow and busy.
 */
@Tag("kernel")
final class ConntrackLoadTest {
    private static final int SERVICES = 10_000;
    private static final int FLOWS = 50_000;
    private static final int OLD_PORT = 5353;
    private static final int NEW_PORT = 5354;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Planner planner = new Planner(NodeSettings.defaults(ProxyMode.NFTABLES, "node-a"));
    private Lab lab;

    @BeforeEach
    void open() {
        KernelAccess.require();
        lab = Lab.open(new ExecProcessRunner(), "ct", List.of(Ip.parse("192.0.2.1")));
        List<UdpFlow> flows =
                IntStream.range(0, FLOWS).mapToObj(i -> flow(i, OLD_PORT)).toList();
        try (FlowInsertion insertion = lab.node().inside(FlowInsertion::new)) {
            insertion.insert(flows);
            insertion.insert(Protocol.TCP, 0, flows);
        }
        for (int i = 0; i < SERVICES; i++) {
            planner.put(service(i));
            planner.put(slice(i, OLD_PORT));
        }
    }

    @AfterEach
    void close() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void rulesDoNotWaitForFlows() throws InterruptedException {
        String namespace = lab.node().namespace();
        PlanDelta first = planner.update();
        List<PlanDelta> changes =
                IntStream.range(0, SERVICES / 2).mapToObj(this::changed).toList();
        timeParts(namespace, first);

        double[] idle = ruleUpdates();
        try (ConntrackReconciler reconciler =
                ConntrackReconciler.start(namespace, () -> Host.of(lab.nodeAddresses()), _ -> {}, new SystemTime())) {
            long begun = System.nanoTime();
            reconciler.planned(first);
            reconciler.committed();
            print("first call, all Services", millis(begun), "ms");
            double[] calls = changes.stream()
                    .mapToDouble(delta -> call(reconciler, delta))
                    .toArray();
            double[] busy = ruleUpdates();

            assertThat(reconciler.awaitDone(PATIENCE)).isTrue();
            print("until every stale flow was gone", millis(begun), "ms");
            Arrays.sort(calls);
            print("a call, median", 1000 * calls[calls.length / 2], "us");
            print("a call, slowest of " + calls.length, 1000 * calls[calls.length - 1], "us");
            print("nft transaction, median, idle", median(idle), "ms");
            print("nft transaction, median, meanwhile", median(busy), "ms");
            ConntrackStatus status = reconciler.status();
            assertThat(status.passes()).isLessThan(10);
            print("last pass", status.lastDuration().toNanos() / 1e6, "ms");
            assertThat(status.removed()).isEqualTo(FLOWS / 2);
            assertThat(status.failures()).isZero();
        }
        assertThat(count("udp")).isEqualTo(FLOWS / 2);
        assertThat(count("tcp")).isEqualTo(FLOWS);
    }

    private void timeParts(String namespace, PlanDelta all) {
        UdpFrontends frontends = new UdpFrontends();
        frontends.apply(UdpChanges.of(all));
        Host host = Host.of(lab.nodeAddresses());
        try (NetlinkConntrack table = NetlinkConntrack.open(namespace)) {
            for (int round = 1; round <= 3; round++) {
                int[] seen = new int[2];
                long begun = System.nanoTime();
                table.dump(IpFamily.IPV4, _ -> seen[0]++);
                double dump = millis(begun);
                begun = System.nanoTime();
                table.dump(IpFamily.IPV4, flow -> seen[1] += frontends.stale(flow, host) ? 1 : 0);
                print("dump, round " + round, dump, "ms");
                print("dump and decide, round " + round, millis(begun), "ms");
                assertThat(seen).containsExactly(FLOWS, 0);
            }
        }
    }

    private double call(ConntrackReconciler reconciler, PlanDelta delta) {
        long begun = System.nanoTime();
        reconciler.planned(delta);
        reconciler.committed();
        return millis(begun);
    }

    /** Changes rules 20 times with the program nft. Returns the duration of each change in ms. */
    private double[] ruleUpdates() {
        String rules = """
                table ip flows { set s { type ipv4_addr; }; }
                add element ip flows s { 10.0.0.1 }
                delete table ip flows
                """;
        return IntStream.range(0, 20)
                .mapToDouble(_ -> {
                    long begun = System.nanoTime();
                    assertThat(lab.nodeRunner()
                                    .run(Command.of("nft", "-f", "-").withInput(rules))
                                    .succeeded())
                            .isTrue();
                    return millis(begun);
                })
                .toArray();
    }

    private PlanDelta changed(int service) {
        planner.put(slice(service, NEW_PORT));
        return planner.update();
    }

    private long count(String protocol) {
        String listed = lab.nodeRunner()
                .run(Command.of("conntrack", "-L", "-p", protocol))
                .output();
        return listed.lines().count();
    }

    private static ServiceObject service(int i) {
        return ClusterObjects.but(ClusterObjects.service("s" + i, clusterIp(i).text()))
                .ports(new ServiceObject.Port("dns", Protocol.UDP, 53, 0))
                .done();
    }

    private static SliceObject slice(int i, int port) {
        return new SliceObject(
                new ServiceName("default", "s" + i),
                "s" + i + "-1",
                IpFamily.IPV4,
                List.of(new SliceObject.Port("dns", Protocol.UDP, port)),
                List.of(ClusterObjects.ready(endpoint(i).text())));
    }

    private static UdpFlow flow(int i, int replyPort) {
        int service = i % SERVICES;
        return new UdpFlow(new Ipv4(0x0a090000 + i), 4000, clusterIp(service), 53, endpoint(service), replyPort, 0);
    }

    private static Ipv4 clusterIp(int service) {
        return new Ipv4(0x0a60_0100 + service);
    }

    private static Ipv4 endpoint(int service) {
        return new Ipv4(0x0af4_0100 + service);
    }

    private static double millis(long begun) {
        return (System.nanoTime() - begun) / 1e6;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void print(String what, double value, String unit) {
        System.out.printf(Locale.ROOT, "conntrack with %,d flows: %-36s %9.1f %s%n", FLOWS, what, value, unit);
    }
}
