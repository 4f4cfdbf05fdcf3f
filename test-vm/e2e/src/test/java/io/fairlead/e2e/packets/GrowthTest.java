package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.ManyEndpoints;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.lab.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests a Service that grows to numbers of endpoints that no Service had before. In nftables mode each number of
 * endpoints has its own chain, which is created when it is needed. The kernel checks such a chain against the existing
 * maps. It may therefore refuse a chain that it would accept if the same transaction created the maps.
 */
@NeedsRoot
final class GrowthTest {
    private static final int MOST = 23;
    private static final double FALSE_ALARM = 1e-9;

    /**
     * After this time conntrack has no entry for earlier flows, so a packet from a port that was used before starts a
     * new flow.
     */
    private static final Duration FORGOTTEN = Duration.ofMillis(1_200);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    static Stream<ProxyMode> modes() {
        return Kernel.modes().stream();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void growsOnAnExistingTableAndAfterARestart(ProxyMode mode) throws IOException, InterruptedException {
        try (World world = new World(mode)) {
            ManyEndpoints.host(world, MOST);
            world.node().sysctl("netfilter/nf_conntrack_udp_timeout", "1");
            world.node().sysctl("netfilter/nf_conntrack_udp_timeout_stream", "1");
            Kernel<?, ?> kernel = world.kernel();
            for (int endpoints : new int[] {0, 1, 2, 9, 4}) {
                reachesAll(world, kernel, endpoints);
            }
            Kernel<?, ?> restarted = world.kernel();
            assertThat(restarted.inStep(plan(world, 4)))
                    .as("a restart has nothing to write")
                    .isTrue();
            for (int endpoints : new int[] {17, 3, MOST}) {
                reachesAll(world, restarted, endpoints);
            }
        }
    }

    private static Plan plan(World world, int endpoints) throws IOException {
        return world.plan(ManyEndpoints.state(endpoints));
    }

    private static void reachesAll(World world, Kernel<?, ?> kernel, int endpoints)
            throws IOException, InterruptedException {
        kernel.bring(plan(world, endpoints));
        Thread.sleep(FORGOTTEN);
        for (IpFamily family : IpFamily.values()) {
            Set<IpPort> all = new HashSet<>();
            IntStream.range(0, endpoints).forEach(i -> all.add(ManyEndpoints.endpoint(family, i)));
            Set<IpPort> seen = new HashSet<>();
            for (int i = 0; i < flows(endpoints); i++) {
                Answer answer = world.visitor().ask(Protocol.UDP, null, ManyEndpoints.virtual(family), PATIENCE);
                if (answer instanceof Answer.Answered answered) {
                    seen.add(answered.at());
                } else {
                    assertThat(endpoints)
                            .as("endpoints while a flow was %s", answer)
                            .isZero();
                    assertThat(answer).isInstanceOf(Answer.Refused.class);
                }
            }
            assertThat(seen).isEqualTo(all);
        }
    }

    /**
     * Returns the number n of flows after which one of N endpoints was never reached with a probability of at most N (1
     * - 1/N)^n &lt; 1e-9.
     */
    private static int flows(int endpoints) {
        return endpoints < 2 ? 3 : (int) Math.ceil(Math.log(FALSE_ALARM / endpoints) / Math.log1p(-1.0 / endpoints));
    }
}
