package io.fairlead.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.Golden;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.Tracer;
import io.fairlead.iptables.IptablesKernel;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.kernel.NftProgram;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ScenarioTest {
    private static final ProcessRunner NO_KERNEL = command -> {
        throw new AssertionError("rendering and tracing run nothing, but wanted: " + command.text());
    };

    static Stream<Arguments> cases() {
        return Scenario.all(Path.of("src/test/resources/scenarios")).stream()
                .flatMap(scenario -> Stream.of(ProxyMode.values()).map(mode -> Arguments.of(scenario, mode)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void theModelAgreesWithTheRows(Scenario scenario, ProxyMode mode) {
        FlowModel model = new FlowModel(scenario.plan(mode), scenario.host());
        List<Scenario.Row> rows = scenario.rows(mode);
        assertThat(rows).isNotEmpty();
        for (Scenario.Row row : rows) {
            assertThat(Scenario.text(model.outcome(row.flow())))
                    .as(row.flow().text())
                    .isEqualTo(row.expected());
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void theRulesAgreeWithTheRows(Scenario scenario, ProxyMode mode) {
        Tracer tracer = render(scenario, mode).tracer(scenario.host());
        for (Scenario.Row row : scenario.rows(mode)) {
            Trace trace = tracer.trace(row.flow());
            assertThat(Scenario.text(trace.outcome())).as(trace.toString()).isEqualTo(row.expected());
            assertThat(trace.shares().values())
                    .as("every endpoint of %s has the same chance", row.flow())
                    .allSatisfy(
                            share -> assertThat(share * trace.shares().size()).isBetween(1 - EQUAL, 1 + EQUAL));
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void rendersTheReviewedRules(Scenario scenario, ProxyMode mode) {
        Golden.assertMatches(
                scenario.folder().resolve("expected." + mode.text()),
                render(scenario, mode).text());
    }

    /** The largest difference of two probabilities that count as equal. iptables stores a probability in 31 bits. */
    private static final double EQUAL = 1e-8;

    static Ruleset render(Scenario scenario, ProxyMode mode) {
        Plan plan = scenario.plan(mode);
        Backend<?, ?> backend = switch (mode) {
            case IPTABLES -> new IptablesKernel(NO_KERNEL, IptablesOptions.defaults()).backend();
            case NFTABLES -> new NftKernel(new NftProgram(NO_KERNEL)).backend();
        };
        return backend.layout().render(plan);
    }
}
