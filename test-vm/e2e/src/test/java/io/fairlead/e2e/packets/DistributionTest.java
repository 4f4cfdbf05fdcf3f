package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.ManyEndpoints;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.lab.Answer;
import io.fairlead.lab.LabHost;
import java.io.IOException;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that each endpoint of a Service gets its share of the connections.
 *
 * <p>The test uses Chernoff's bound. If n independent flows each choose an endpoint with probability p, the probability
 * that its share is q or farther from p on the same side is at most exp(-n KL(q, p)), where KL(q, p) is q ln(q/p) +
 * (1-q) ln((1-q)/(1-p)). The bound holds for every n. N endpoints with two sides each are 2 N such events. With n KL(q,
 * p) &gt; ln(2 N / 1e-9) as the threshold, a fair choice fails once in a thousand million runs.
 *
 * <p>With 6,000 flows and 5 endpoints the test detects a share below 16.7 % or above 23.7 %; 20 % is expected. A rule
 * that chooses with 1/n at every step, instead of 1/n, 1/(n-1), ..., gives the last endpoint 41 %.
 */
@NeedsRoot
final class DistributionTest {
    private static final int FLOWS = 6_000;
    private static final int ENDPOINTS = 5;
    private static final double FALSE_ALARM = 1e-9;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    static Stream<Arguments> modesAndFamilies() {
        return KernelFlowTest.modesAndFamilies();
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void everyEndpointGetsItsShare(ProxyMode mode, IpFamily family) throws IOException {
        try (World world = new World(mode)) {
            ManyEndpoints.host(world, ENDPOINTS);
            world.kernel().bring(world.plan(ManyEndpoints.state(ENDPOINTS)));
            LabHost visitor = world.visitor();
            SortedMap<IpPort, Integer> counts = new TreeMap<>();
            for (int i = 0; i < FLOWS; i++) {
                Answer answer = visitor.ask(Protocol.UDP, null, ManyEndpoints.virtual(family), PATIENCE);
                assertThat(answer).isInstanceOf(Answer.Answered.class);
                if (answer instanceof Answer.Answered answered) {
                    counts.merge(answered.at(), 1, Integer::sum);
                }
            }
            assertThat(counts).hasSize(ENDPOINTS);
            assertThat(counts.values()).as("%s", counts).noneMatch(count -> isUnfair(count, FLOWS, ENDPOINTS));
        }
    }

    /** Returns whether {@code count} of {@code flows} flows are too few or too many for one of several endpoints. */
    static boolean isUnfair(int count, int flows, int endpoints) {
        return isUnfair(count, flows, 1.0 / endpoints, endpoints);
    }

    /** Returns whether {@code count} of {@code flows} flows are too few or too many for an endpoint with this share. */
    static boolean isUnfair(int count, int flows, double share, int endpoints) {
        return flows * divergence((double) count / flows, share) > Math.log(2 * endpoints / FALSE_ALARM);
    }

    @ParameterizedTest
    @MethodSource("unfairShares")
    void theBoundFindsUnfairShares(double share) {
        assertThat(isUnfair((int) (share * FLOWS), FLOWS, ENDPOINTS)).isTrue();
    }

    static Stream<Double> unfairShares() {
        return Stream.of(0.4096, 0.1024, 0.25, 0.165, 0.24);
    }

    /** Returns KL(q, p), which is 0 if q = p. */
    private static double divergence(double q, double p) {
        return term(q, p) + term(1 - q, 1 - p);
    }

    private static double term(double q, double p) {
        return q == 0 ? 0 : q * Math.log(q / p);
    }
}
