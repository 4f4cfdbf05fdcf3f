package io.fairlead.nft;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.linux.process.ProcessResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NftCheckTest {

    private static NftCheck saying(String version) {
        return new NftCheck(_ -> new ProcessResult(0, version, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "nftables v0.9.8 (E.D.S.), nft 0.9.8 is too old",
        "nftables v1.0.0 (Fearless Fosdick), nft 1.0.0 is too old"
    })
    void refusesAnNftThatIsTooOld(String nft, String reason) {
        assertThatThrownBy(() -> saying(nft).requireNft())
                .isInstanceOf(ApplyFailedException.class)
                .hasMessageStartingWith(reason);
    }

    @Test
    void refusesAKernelThatIsTooOld() {
        assertThatThrownBy(() -> NftCheck.requireKernel("5.10.0-32-cloud-amd64"))
                .isInstanceOf(ApplyFailedException.class)
                .hasMessageStartingWith("kernel 5.10.0-32-cloud-amd64 is too old");
    }

    @ParameterizedTest
    @CsvSource({
        "nftables v1.0.1 (Fearless Fosdick #3), 5.13.0",
        "nftables v1.1.3 (Commodore Bullmoose #4), 6.12.1",
        "nftables v1.0.6 (Lester Gooch #5), ''",
        "something else altogether, and nothing here"
    })
    void acceptsVersionsThatAreNewEnoughOrUnknown(String nft, String kernel) {
        assertThatCode(() -> saying(nft).requireNft()).doesNotThrowAnyException();
        assertThatCode(() -> NftCheck.requireKernel(kernel)).doesNotThrowAnyException();
    }
}
