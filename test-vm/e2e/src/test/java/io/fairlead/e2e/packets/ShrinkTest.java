package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Ipv4;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.e2e.fixtures.ManyEndpoints;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.nft.NftChange;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.kernel.NftProgram;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nftables.kernel.NetlinkNftables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests that no flow is lost in nftables mode while a Service loses endpoints.
 *
 * <p>For a packet, the rules look up first the chain that chooses an endpoint (the pick chain), and then the endpoint.
 * If an endpoint is removed between the two look-ups, the second may fail. Therefore the last rule of every pick chain
 * uses an endpoint that always exists. One test removes endpoints thousands of times under full load. This is
 * realistic, but it seldom hits the moment between the look-ups: on kernel 6.18 without the last rule, one flow is lost
 * in about 1,400 removals. The other test keeps the rules in the state of that moment. Without the last rule, it loses
 * a third of all flows.
 */
@NeedsRoot
public final class ShrinkTest {
    private static final int MOST = 8;
    private static final int SHRINKS = 20_000;
    private static final int FLOWS_PER_SECOND = 100_000;
    /**
     * If one thread can send this many times the required rate, only one thread sends. Otherwise two threads send,
     * which leaves less CPU time for the changes.
     */
    private static final double RESERVE = 1.2;

    /**
     * The size of the conntrack table, enough for all flows of two seconds. Flows expire after one second; a full table
     * drops packets. The limit applies to all network namespaces, and an earlier agent on this machine may have lowered
     * it.
     */
    private static final int CONNECTIONS = 262_144;

    private static final String TABLE_SIZE = "net.netfilter.nf_conntrack_max";

    private static final int CYCLES = 12;
    private static final long SEED = 20_251;

    private final ProcessRunner machine = new ExecProcessRunner();

    private World world;
    private ProcessRunner node;
    private String tableSize = "";
    private FlowCounts counts;
    private List<FlowSource> sources;

    @BeforeEach
    public void open() {
        world = new World(ProxyMode.NFTABLES);
        node = world.nodeRunner();
        tableSize = machine.run(Command.of("sysctl", "-n", TABLE_SIZE)).output().strip();
        machine.run(Command.of("sysctl", "-w", TABLE_SIZE + "=" + Math.max(CONNECTIONS, Integer.parseInt(tableSize))));
        world.node().sysctl("netfilter/nf_conntrack_udp_timeout", "1");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < MOST; i++) {
            lines.append("addr add ")
                    .append(ManyEndpoints.endpoint(IpFamily.IPV4, i).ip())
                    .append("/32 dev lo\n");
        }
        run(Command.of("ip", "-batch", "-").withInput(lines.toString()));
        counts = new FlowCounts(node);
        sources = IntStream.of(100, 150)
                .mapToObj(octet -> new FlowSource(
                        world.node(),
                        new Ipv4(10 << 24 | 244 << 16 | octet << 8 | 1),
                        ManyEndpoints.virtual(IpFamily.IPV4)))
                .toList();
    }

    @AfterEach
    public void close() {
        if (world != null) {
            sources.forEach(FlowSource::close);
            machine.run(Command.of("sysctl", "-w", TABLE_SIZE + "=" + tableSize));
            world.close();
        }
    }

    @Test
    @Timeout(300)
    public void losesNoFlowWhileEndpointsGo() throws IOException, InterruptedException {
        List<List<Transaction>> cycles = cycles();
        double quiet = load(sources.subList(0, 1), () -> TimeUnit.SECONDS.sleep(2));
        assertThat(lost()).as("flows lost without a change").isZero();
        long[] shrinks = new long[1];
        double busy =
                load(sources.subList(0, quiet > RESERVE * FLOWS_PER_SECOND ? 1 : 2), () -> shrinks[0] = churn(cycles));
        System.out.printf(
                Locale.ROOT,
                "%d shrinks under %.0f new flows per second (%.0f without changes), %d flows in total, %d lost%n",
                shrinks[0],
                busy,
                quiet,
                sent(),
                lost());
        assertThat(lost()).as("flows lost").isZero();
        assertThat(counts.untranslated()).isZero();
        assertThat(shrinks[0]).isGreaterThanOrEqualTo(SHRINKS);
        assumeTrue(
                busy >= FLOWS_PER_SECOND,
                () -> "no flow was lost, but this machine starts only " + (long) busy + " flows per second now");
    }

    @Test
    public void losesNoFlowBetweenTheTwoLookups() throws IOException, InterruptedException {
        world.kernel().bring(world.plan(ManyEndpoints.state(3)));
        run(Command.of("nft", "delete element ip kube-proxy udp-endpoints { 10.96.0.10 . 80 . 2 }"));
        load(sources, () -> TimeUnit.MILLISECONDS.sleep(500));
        assertThat(sent()).isGreaterThan(1_000);
        assertThat(lost()).isZero();
        run(Command.of("nft", "-f", "-").withInput("""
                flush chain ip kube-proxy pick-3
                add rule ip kube-proxy pick-3 dnat ip to ip daddr . udp dport . numgen random mod 3 map @udp-endpoints
                """));
        long before = sent();
        load(sources, () -> TimeUnit.MILLISECONDS.sleep(500));
        double share = (double) lost() / (sent() + forbidden() - before);
        assertThat(share).as("share of flows lost without the last rule").isBetween(0.25, 0.42);
    }

    /** A task that runs while flows are sent. */
    private interface Meanwhile {
        void happens() throws InterruptedException;
    }

    /** Sends from these sources until the task is done. Returns the number of flows per second. */
    private double load(List<FlowSource> senders, Meanwhile meanwhile) throws InterruptedException {
        long before = sent();
        long start = System.nanoTime();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = senders.stream()
                .map(source -> Thread.ofPlatform()
                        .uncaughtExceptionHandler((_, failure) -> failures.add(failure))
                        .start(() -> {
                            while (!Thread.currentThread().isInterrupted()) {
                                source.send();
                            }
                        }))
                .toList();
        try {
            meanwhile.happens();
        } finally {
            threads.forEach(Thread::interrupt);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        double rate = (sent() - before) * 1e9 / (System.nanoTime() - start);
        assertThat(failures).isEmpty();
        return rate;
    }

    private long sent() {
        return sources.stream().mapToLong(FlowSource::sent).sum();
    }

    private long forbidden() {
        return sources.stream().mapToLong(FlowSource::forbidden).sum();
    }

    /**
     * Returns the number of flows whose first packet reached no endpoint, including packets that a rule dropped during
     * send().
     */
    private long lost() {
        return sent() + forbidden() - counts.delivered();
    }

    private long churn(List<List<Transaction>> cycles) {
        return world.node().inside(() -> {
            try (NetlinkNftables nft = NetlinkNftables.open("")) {
                long shrinks = 0;
                for (int i = 0; shrinks < SHRINKS; i++) {
                    List<Transaction> cycle = cycles.get(i % cycles.size());
                    for (Transaction change : cycle) {
                        assertThat(nft.apply(change)).isInstanceOf(Nftables.Answer.Done.class);
                    }
                    shrinks += cycle.size() - 1;
                }
                return shrinks;
            }
        });
    }

    /**
     * Returns cycles of changes. Each cycle begins and ends with only endpoint 0. Its first change adds endpoints up to
     * {@value #MOST}, and each further change removes one. The order of the endpoints differs in each cycle, so that
     * they change their numbers in the maps in many ways. The backend computes the changes before the load begins, each
     * from the table that is then in the kernel.
     */
    private List<List<Transaction>> cycles() throws IOException {
        Backend<NftRuleset, NftChange> backend = new NftKernel(new NftProgram(node)).backend();
        Random random = new Random(SEED);
        world.kernel().bring(world.plan(ManyEndpoints.state(MOST)));
        for (int endpoints = MOST - 1; endpoints > 0; endpoints--) {
            world.kernel().bring(world.plan(ManyEndpoints.state(endpoints)));
        }
        String beginning = backend.kernel().read().text();
        List<List<Transaction>> cycles = new ArrayList<>();
        for (int i = 0; i < CYCLES; i++) {
            SortedSet<Integer> present =
                    new TreeSet<>(IntStream.range(0, MOST).boxed().toList());
            List<Transaction> cycle = new ArrayList<>();
            cycle.add(step(backend, present));
            List<Integer> order =
                    new ArrayList<>(IntStream.range(1, MOST).boxed().toList());
            Collections.shuffle(order, random);
            for (int endpoint : order) {
                present.remove(endpoint);
                cycle.add(step(backend, present));
            }
            cycles.add(cycle);
            assertThat(backend.kernel().read().text()).isEqualTo(beginning);
        }
        return cycles;
    }

    private Transaction step(Backend<NftRuleset, NftChange> backend, SortedSet<Integer> endpoints) throws IOException {
        ClusterState state = ManyEndpoints.state(endpoints);
        NftChange change =
                backend.layout().diff(backend.kernel().read(), backend.layout().render(world.plan(state)));
        assertThat(change.isEmpty()).isFalse();
        backend.kernel().apply(change);
        return change.transaction();
    }

    private void run(Command command) {
        ProcessResult result = node.run(command);
        assertThat(result.succeeded()).as("%s", result).isTrue();
    }
}
