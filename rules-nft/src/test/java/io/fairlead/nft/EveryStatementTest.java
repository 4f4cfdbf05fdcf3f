package io.fairlead.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.nft.fixture.EveryStatement;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Tests that {@link EveryStatement} contains every form of rule that Fairlead writes. Other tests compare these rules
 * with the rules that nft writes.
 */
class EveryStatementTest {

    @Test
    void noClusterNeedsAStatementThatIsNotCompared() {
        Set<String> compared = EveryStatement.transactions().stream()
                .flatMap(transaction -> shapes(transaction.text()))
                .collect(Collectors.toSet());
        assertThat(compared).hasSizeGreaterThan(60);
        NftLayout layout = new NftLayout();
        Seeds.each(100, seed -> {
            NftRuleset rules =
                    layout.render(RandomCluster.of(seed, ProxyMode.NFTABLES).plan());
            String commands = layout.diff(NftRuleset.NONE, rules).text();
            assertThat(shapes(commands)).isSubsetOf(compared);
        });
    }

    /**
     * Returns the rules without their variable parts: names of Services, addresses, other numbers, and the length of
     * lists.
     */
    private static Stream<String> shapes(String commands) {
        return commands.lines()
                .filter(line -> line.startsWith("add rule "))
                .map(line -> line.replaceAll("^add rule (ip6?) \\S+ \\S+", "$1")
                        .replaceAll("[A-Z2-7]{16}", "HASH")
                        .replaceAll("HASH-[-a-z0-9]+", "HASH-BACKEND")
                        .replaceAll("\"[^\"]*\"", "TEXT")
                        .replaceAll("pick-\\d+", "pick-N")
                        .replaceAll("\\{ [0-9a-f.:/, ]+ }", "N")
                        .replaceAll("(?<=[ ])[0-9][0-9a-fx.:/]*|(?<=[ ])[0-9a-f]*:[0-9a-f:/]*", "N"));
    }
}
