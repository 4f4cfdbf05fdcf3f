package io.fairlead.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProgramMissingException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NftCheckTest {

    private static NftCheck saying(String version) {
        return new NftCheck(_ -> new ProcessResult(0, version, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "nftables v0.9.8 (E.D.S.), 6.1.0-44-cloud-amd64, nft 0.9.8 is too old",
        "nftables v1.0.0 (Fearless Fosdick), 6.1.0, nft 1.0.0 is too old",
        "nftables v1.0.6 (Lester Gooch #5), 5.10.0-32-cloud-amd64, kernel 5.10.0-32-cloud-amd64 is too old"
    })
    void refusesWhatIsTooOld(String nft, String kernel, String reason) {
        assertThatThrownBy(() -> saying(nft).requireVersions(kernel))
                .isInstanceOf(ApplyFailedException.class)
                .hasMessageStartingWith(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "nftables v1.0.1 (Fearless Fosdick #3), 5.13.0",
        "nftables v1.1.3 (Commodore Bullmoose #4), 6.12.1",
        "nftables v1.0.6 (Lester Gooch #5), ''",
        "something else altogether, and nothing here"
    })
    void takesWhatIsNewEnoughOrDoesNotTell(String nft, String kernel) {
        assertThatCode(() -> saying(nft).requireVersions(kernel)).doesNotThrowAnyException();
    }

    @Test
    void aToolThatAbortsOrIsNotThereKeepsTheLibraryOut() {
        NftCheck aborts =
                new NftCheck(_ -> new ProcessResult(134, "", "nft: netlink_linearize.c:1: Assertion failed\n"));
        NftCheck missing = new NftCheck(_ -> {
            throw new ProgramMissingException("nft", new IllegalStateException());
        });

        assertThat(aborts.whyNotInProcess()).contains("134", "Assertion failed");
        assertThat(missing.whyNotInProcess()).contains("nft is missing");
    }

    @Test
    void noClusterNeedsAStatementThatIsNotTried() {
        Set<String> tried = shapes(Templates.commands()).collect(Collectors.toSet());
        assertThat(tried).hasSizeGreaterThan(60);
        assertThat(Templates.commands())
                .as("what the clean-up of affinity writes")
                .containsPattern("delete element ip \\S+ aff-[A-Z2-7]{16} \\{ \\S+ }")
                .containsPattern("delete element ip6 \\S+ affport-local-[A-Z2-7]{16} \\{ \\S+ }");
        Seeds.each(100, seed -> {
            Backend<NftRuleset, NftChange> backend = new NftKernel(new NoKernel()).backend();
            NftRuleset rules = backend.layout()
                    .render(RandomCluster.of(seed, ProxyMode.NFTABLES).plan());
            String commands = backend.layout().diff(NftRuleset.NONE, rules).text();
            assertThat(shapes(commands)).isSubsetOf(tried);
        });
    }

    /**
     * Returns rules without their variable parts: names of Services, addresses, other numbers, and the length of lists.
     */
    private static Stream<String> shapes(String commands) {
        return commands.lines()
                .filter(line -> line.startsWith("add rule "))
                .map(line -> line.replaceAll("^add rule (ip6?) \\S+ \\S+", "$1")
                        .replaceAll("[A-Z2-7]{16}", "HASH")
                        .replaceAll("\"[^\"]*\"", "TEXT")
                        .replaceAll("pick-\\d+", "pick-N")
                        .replaceAll("\\{ [0-9a-f.:/, ]+ }", "N")
                        .replaceAll("(?<=[ ])[0-9][0-9a-fx.:/]*|(?<=[ ])[0-9a-f]*:[0-9a-f:/]*", "N"));
    }
}
