package io.fairlead.nft;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.linux.process.ProcessResult;
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
}
