package io.fairlead.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.Golden;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.rules.Backend;
import io.fairlead.nft.fixture.Plans;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares rulesets with golden files. "nothing.nft" contains the objects that every ruleset has; the other files
 * contain only the additional objects.
 */
class GoldenRulesetTest {
    private final Backend<NftRuleset, NftChange> backend = new NftKernel(new NoKernel()).backend();

    static Iterable<String> scenarios() {
        return Plans.scenarios().keySet();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void rendersAsReviewed(String name) {
        Map<String, Plan> plans = Plans.scenarios();
        NftRuleset rules = backend.layout().render(plans.get(name));
        NftRuleset nothing = backend.layout().render(plans.get("nothing"));
        String text = name.equals("nothing")
                ? rules.text()
                : backend.layout().diff(nothing, rules).text();

        assertThat(text).isNotEmpty();
        Golden.assertMatches(Path.of("src/test/resources/rulesets/" + name + ".nft"), text);
    }
}
