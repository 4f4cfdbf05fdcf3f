package io.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GoDurationTest {

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "0s, PT0S",
        "30s, PT30S",
        "15m0s, PT15M",
        "24h0m0s, PT24H",
        "1h2m3.5s, PT1H2M3.5S",
        "300ms, PT0.3S",
        "1us, PT0.000001S",
        "1µs, PT0.000001S",
        "5ns, PT0.000000005S",
        ".5s, PT0.5S",
        "1.s, PT1S",
        "-1s, PT-1S",
        "+2m, PT2M"
    })
    void readsWhatGoWrites(String text, Duration expected) {
        assertThat(GoDuration.parse(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "1d", "1 s", "1s ", "--1s", "1e3s", ".s", "PT30S", "9999999999h"})
    void refusesEverythingElse(String text) {
        assertThat(GoDuration.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0s", "1s", "1m0s", "1h0m0s", "1h2m3.5s", "15m0s", "24h0m0s", "300ms", "1.5ms", "2.5µs", "7ns"})
    void writesAsGoDoes(String text) {
        assertThat(GoDuration.text(GoDuration.parse(text).orElseThrow())).isEqualTo(text);
    }
}
