package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.fuzz.HostileCluster;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Writes the rules of hostile objects into a kernel, in batches as they would arrive. The kernel must accept every
 * transaction, and must have exactly the plan's rules after the last. {@code -Dhostile.kernel.objects=N} adds N objects
 * instead of {@value #OBJECTS}; {@code -Dhostile.seed=N} generates others.
 */
@NeedsRoot
final class HostileKernelTest {
    private static final int OBJECTS = 2_000;
    private static final int BATCH = 500;

    /** A way into the kernel. */
    enum Way {
        IPTABLES,
        NFT_BY_NETLINK,
        NFT_PROGRAM;

        ProxyMode mode() {
            return this == IPTABLES ? ProxyMode.IPTABLES : ProxyMode.NFTABLES;
        }

        Kernel<?, ?> open(World world) {
            return this == NFT_BY_NETLINK
                    ? Kernel.netlink(world.node().namespace())
                    : Kernel.open(mode(), world.nodeRunner());
        }
    }

    static Stream<Way> ways() {
        return Stream.of(Way.values());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theKernelAcceptsEveryTransaction(Way way) {
        int count = Integer.getInteger("hostile.kernel.objects", OBJECTS);
        HostileCluster cluster = new HostileCluster(way.mode(), Long.getLong("hostile.seed", 1));
        int transactions = 0;
        try (World world = World.ofRandomClusters(way.mode())) {
            Kernel<?, ?> kernel = way.open(world);
            kernel.bring(cluster.plan());
            for (int added = 0; added < count; added += BATCH) {
                for (int i = 0; i < BATCH; i++) {
                    cluster.next();
                }
                kernel.advance(cluster.plan());
                transactions++;
            }
            assertThat(kernel.inStep(cluster.plan())).isTrue();
        }
        System.out.printf(
                "%s: %d objects in %d changes: %d refused, %d accepted; the kernel accepted every change%n",
                way, count, transactions, cluster.refused(), cluster.accepted());
    }
}
