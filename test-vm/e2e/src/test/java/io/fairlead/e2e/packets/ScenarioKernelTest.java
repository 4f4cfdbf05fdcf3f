package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.scenario.Scenario;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.ScenarioCheck;
import io.fairlead.e2e.fixtures.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests the scenarios with real packets. They run one after the other on one node, so each scenario also replaces the
 * rules of the previous one.
 */
@NeedsRoot
final class ScenarioKernelTest {

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void packetsMeetWhatTheScenariosSay(ProxyMode mode) {
        List<String> found = new ArrayList<>();
        try (World world = new World(mode)) {
            ScenarioCheck check = new ScenarioCheck(world, Duration.ofSeconds(5), Duration.ofMillis(500));
            Kernel<?, ?> kernel = world.kernel();
            for (Scenario scenario : Scenario.all(ScenarioCheck.SCENARIOS)) {
                kernel.bring(world.plan(scenario.input().state()));
                found.addAll(check.disagreements(scenario, mode));
            }
        }
        assertThat(found).isEmpty();
    }
}
