package io.fairlead.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PaceTest {
    private final Pace pace = new Pace(Duration.ofSeconds(1), 4, Duration.ofMinutes(1));

    @ParameterizedTest
    @CsvSource({
        "PT0.1S, 0, PT1S",
        "PT0.25S, 0, PT1S",
        "PT3S, 0, PT12S",
        "PT0.1S, 1, PT2S",
        "PT0.1S, 2, PT4S",
        "PT0.1S, 5, PT32S",
        "PT0.1S, 6, PT1M",
        "PT0.1S, 1000, PT1M",
        "PT20S, 1, PT1M20S"
    })
    void pausesInProportionAndBacksOff(Duration took, int failures, Duration pause) {
        assertThat(pace.pauseAfter(took, failures)).isEqualTo(pause);
    }

    @Test
    void defaultUsesAtMostAFifthOfAProcessor() {
        assertThat(Pace.DEFAULT.pauseAfter(Duration.ofSeconds(10), 0)).isEqualTo(Duration.ofSeconds(40));
    }
}
