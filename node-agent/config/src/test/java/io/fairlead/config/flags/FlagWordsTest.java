package io.fairlead.config.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FlagWordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--proxy-mode nftables             | --proxy-mode=nftables",
                "--proxy-mode=nftables             | --proxy-mode=nftables",
                "--proxy_mode nftables             | --proxy-mode=nftables",
                "--proxy_mode=a_b=c                | --proxy-mode=a_b=c",
                "--oom-score-adj -999              | --oom-score-adj=-999",
                "--cleanup                         | --cleanup=true",
                "--cleanup=false                   | --cleanup=false",
                "--masquerade_all --config x       | --masquerade-all=true --config=x",
                "-v 4                              | -v=4",
                "-v=4                              | -v=4",
                "-v4                               | -v=4",
                "--v 4                             | -v=4",
                "--v=4                             | -v=4",
                "--source x --dry-run              | --source x --dry-run",
                "--version                         | --version",
                "--config                          | --config",
                "--config x -- --cleanup           | --config=x -- --cleanup"
            })
    void haveOneForm(String words, String normal) {
        assertThat(FlagWords.normal(List.of(words.split(" ", -1)))).containsExactly(normal.split(" ", -1));
    }

    /** As in kube-proxy, the word after a boolean flag is not the value of the flag but an extra word. */
    @Test
    void aSwitchTakesNoWord() {
        assertThat(FlagWords.normal(List.of("--cleanup", "false"))).containsExactly("--cleanup=true", "false");
    }

    @Test
    void anEmptyWordIsNone() {
        assertThat(FlagWords.normal(List.of("", "--cleanup", ""))).containsExactly("--cleanup=true");
    }

    @Test
    void aValueMayBeEmpty() {
        assertThat(FlagWords.normal(List.of("--healthz-bind-address=", "--master", "")))
                .containsExactly("--healthz-bind-address=", "--master=");
    }
}
