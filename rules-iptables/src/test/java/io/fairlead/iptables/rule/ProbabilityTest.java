package io.fairlead.iptables.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProbabilityTest {

    /**
     * Each row contains the text that kube-proxy writes, and the text that iptables-save 1.8.9 prints for the same
     * probability.
     */
    @ParameterizedTest
    @CsvSource({"3, 0.3333333333, 0.33333333349", "7, 0.1428571429, 0.14285714272", "2, 0.5000000000, 0.50000000000"})
    void isTheSameWrittenByKubeProxyAndByIptablesSave(int n, String written, String saved) {
        assertThat(Probability.oneOf(n)).isEqualTo(Probability.parse(written)).isEqualTo(Probability.parse(saved));
        assertThat(Probability.oneOf(n).text()).isEqualTo(written);
    }

    @Test
    void keepsEveryNumberThroughItsText() {
        for (int threshold = 1; threshold > 0; threshold += 104_729) {
            Probability probability = new Probability(threshold);
            assertThat(Probability.parse(probability.text())).isEqualTo(probability);
        }
        for (int n = 2; n < 70_000; n++) {
            assertThat(Probability.parse(Probability.oneOf(n).text())).isEqualTo(Probability.oneOf(n));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.00000000000",
                "1.00000000000",
                "0.99999999999",
                "-0.5",
                "4294967295",
                "4294967296",
                "1e999999999",
                "1e-999999999",
                "half",
                ""
            })
    void refusesNeverAlwaysAndWhatIsNoProbability(String text) {
        assertThatThrownBy(() -> Probability.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
