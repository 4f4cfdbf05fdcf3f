package io.fairlead.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.cluster.objects.ReadObject;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.Tracer;
import io.fairlead.iptables.IptablesKernel;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.kernel.NftProgram;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Adds hostile objects to a cluster with ordinary Services. {@code -Dhostile.objects=N} adds N objects instead of
 * {@value #OBJECTS} in each mode; {@code -Dhostile.seed=N} generates others.
 */
final class HostileClusterTest {
    private static final int OBJECTS = 3_000;
    private static final int BATCH = 500;
    private static final long MEMORY_PER_BYTE = 64;
    private static final long MEMORY = 1 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final Backend<?, ?> IPTABLES =
            new IptablesKernel(_ -> new ProcessResult(1, "", ""), IptablesOptions.defaults()).backend();
    private static final Backend<?, ?> NFTABLES =
            new NftKernel(new NftProgram(_ -> new ProcessResult(1, "", ""))).backend();

    private final int count = Integer.getInteger("hostile.objects", OBJECTS);
    private final long seed = Long.getLong("hostile.seed", 1);

    @ParameterizedTest
    @EnumSource
    void noOtherServiceIsAffected(ProxyMode mode) {
        switch (mode) {
            case IPTABLES -> follow(IPTABLES, mode);
            case NFTABLES -> follow(NFTABLES, mode);
        }
    }

    /** Plans, renders, compares and traces after each batch of objects. Every few batches start with a new cluster. */
    private <R extends Ruleset, C extends Change> void follow(Backend<R, C> backend, ProxyMode mode) {
        HostileCluster cluster = new HostileCluster(mode, seed);
        Plan alone = cluster.plan();
        R rules = backend.layout().render(alone);
        int refused = 0;
        int accepted = 0;
        int flows = 0;
        for (int added = 0; added < count; added += BATCH) {
            if (added % (10 * BATCH) == 0) {
                cluster = new HostileCluster(mode, seed + added);
                rules = backend.layout().render(cluster.plan());
            }
            int refusedBefore = cluster.refused();
            int acceptedBefore = cluster.accepted();
            for (int i = 0; i < BATCH; i++) {
                cluster.next();
            }
            refused += cluster.refused() - refusedBefore;
            accepted += cluster.accepted() - acceptedBefore;
            Plan plan = cluster.plan();
            IntFunction<Object> ports =
                    i -> plan.services().get(HostileCluster.ordinary(i)).ports();
            for (int i = 0; i < HostileCluster.ORDINARY; i++) {
                assertThat(ports.apply(i))
                        .as("ports of web-%d after %d objects from seed %d", i, added + BATCH, seed)
                        .isEqualTo(
                                alone.services().get(HostileCluster.ordinary(i)).ports());
            }
            R desired = backend.layout().render(plan);
            C change = backend.layout().diff(rules, desired);
            rules = backend.layout().after(rules, change);
            assertThat(backend.layout().diff(rules, desired).isEmpty()).isTrue();
            flows += trace(plan, desired.tracer(HostileCluster.host()), added);
        }
        System.out.printf(
                "%s: %d objects from seed %d: %d refused, %d accepted; %d packets traced%n",
                mode.text(), count, seed, refused, accepted, flows);
        assertThat(refused).isPositive();
        assertThat(accepted).isPositive();
    }

    private int trace(Plan plan, Tracer tracer, int added) {
        FlowModel model = new FlowModel(plan, HostileCluster.host());
        List<Flow> flows = HostileCluster.flows(plan, 40);
        for (Flow flow : flows) {
            assertThat(tracer.trace(flow).outcome())
                    .as("%s after %d objects from seed %d", flow, added + BATCH, seed)
                    .isEqualTo(model.outcome(flow));
        }
        return flows.size();
    }

    @Test
    void everyRefusalIsReportedOnceWithObjectAndFieldAndMemoryIsBounded() {
        HostileObjects objects = new HostileObjects(seed);
        HostileCluster.read(objects.next());
        int problems = 0;
        for (int i = 0; i < count; i++) {
            byte[] json = objects.next();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            ReadObject object = HostileCluster.read(json).orElseThrow();
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated)
                    .as("bytes allocated for %d bytes of JSON, object %d of seed %d", json.length, i, seed)
                    .isLessThanOrEqualTo(MEMORY + MEMORY_PER_BYTE * json.length);
            problems += object.problems().size();
            assertThat(object.problems()).as("object %d of seed %d", i, seed).doesNotHaveDuplicates();
            for (Problem problem : object.problems()) {
                assertThat(problem.object()).isEqualTo(object.name().text());
                assertThat(problem.field()).as(problem.text()).isNotEmpty();
                assertThat(problem.text()).doesNotContain("\n", "\u0000");
            }
            if (object.setAside()) {
                assertThat(object.contents()).isEmpty();
                assertThat(object.problems())
                        .as("object %d of seed %d", i, seed)
                        .anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
            }
        }
        assertThat(problems).isPositive();
    }
}
