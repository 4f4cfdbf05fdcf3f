package io.fairlead.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.linux.time.ManualTime;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Tests random changes of random clusters. At random, transactions are refused, rules of Services are refused, and
 * other programs change rules.
 */
final class RuleSyncRandomTest {
    private static final int ROUNDS = 15;

    @Test
    void everyAcceptedServiceHasItsRulesAfterASuccessfulRound() {
        int[] quarantined = {0};
        int[] failed = {0};
        int[] repaired = {0};
        Seeds.each(60, seed -> {
            Scene scene = new Scene(seed);
            for (int i = 0; i < ROUNDS; i++) {
                scene.disturb();
                RoundResult report = scene.round();
                quarantined[0] += report.quarantined().size();
                failed[0] += report.outcome() == RoundResult.Outcome.FAILED ? 1 : 0;
                repaired[0] += report.repair() == null ? 0 : 1;
                if (report.outcome() != RoundResult.Outcome.FAILED) {
                    assertThat(without(
                                    scene.backend.kernel, report.quarantined().keySet()))
                            .isEqualTo(without(
                                    scene.planned(), report.quarantined().keySet()));
                }
            }
            scene.calm();
            assertThat(scene.backend.kernel).isEqualTo(scene.planned());
        });
        assertThat(List.of(quarantined[0], failed[0], repaired[0]))
                .as("Services in quarantine, failed rounds and repairs")
                .allMatch(count -> count > 20);
    }

    private static SortedMap<String, Origin> without(SortedMap<String, Origin> lines, Set<ServiceName> services) {
        SortedMap<String, Origin> rest = new TreeMap<>(lines);
        rest.values().removeIf(origin -> origin instanceof Origin.Port(var port) && services.contains(port.service()));
        return rest;
    }

    /** A cluster and the kernel of a node. */
    private static final class Scene {
        private final FakeBackend backend = new FakeBackend(ProxyMode.NFTABLES);
        private final StateChanges changes = new StateChanges();
        private final Random random;
        private RandomCluster cluster;
        private final RuleSync<FakeBackend.Rules, FakeBackend.Edits> loop;

        Scene(long seed) {
            random = new Random(seed);
            cluster = RandomCluster.of(seed, ProxyMode.NFTABLES);
            loop = new RuleSync<>(backend.backend(), () -> cluster.settings(), new ManualTime());
        }

        /** Makes random changes of the cluster and, sometimes, of the behaviour or content of the kernel. */
        void disturb() {
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                cluster = cluster.mutated(random.nextInt());
            }
            switch (random.nextInt(6)) {
                case 0 -> backend.failures.add(failure(ApplyFailedException.Kind.LOCKED));
                case 1 -> backend.failures.add(failure(ApplyFailedException.Kind.NOT_FOUND));
                case 2 -> someServices(backend.refused);
                case 3 -> backend.refused.clear();
                case 4 -> takeAway();
                default -> {}
            }
        }

        private void someServices(Set<ServiceName> into) {
            cluster.state().services().keySet().stream()
                    .filter(_ -> random.nextInt(3) == 0)
                    .forEach(into::add);
        }

        private void takeAway() {
            List<String> lines = List.copyOf(backend.kernel.keySet());
            if (!lines.isEmpty()) {
                backend.kernel.remove(lines.get(random.nextInt(lines.size())));
                backend.others.add("nft");
            }
        }

        private static ApplyFailedException failure(ApplyFailedException.Kind kind) {
            return new ApplyFailedException(kind, "no", "", List.of(), List.of());
        }

        RoundResult round() {
            return loop.round(changes.to(cluster.state()), false);
        }

        /** Ends all refusals and changes every Service, so that no Service stays in quarantine. */
        void calm() {
            backend.refused.clear();
            backend.failures.clear();
            RandomCluster last = cluster;
            cluster = RandomCluster.of(random.nextLong(), ProxyMode.NFTABLES);
            loop.round(changes.to(cluster.state()), true);
            cluster = last;
            RoundResult report = loop.round(changes.to(cluster.state()), true);
            assertThat(report.quarantined()).isEmpty();
        }

        SortedMap<String, Origin> planned() {
            return backend.render(cluster.plan()).lines();
        }
    }
}
