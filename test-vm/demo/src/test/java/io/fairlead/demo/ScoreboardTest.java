package io.fairlead.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.lab.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScoreboardTest {
    private static final Duration SHORT = Duration.ofMillis(2);

    @Test
    void oneWrongTrialMakesTheWholeWrong() {
        Scoreboard scoreboard = new Scoreboard();
        scoreboard.add(new Trial(ProxyMode.IPTABLES, "a", "x", "x", true));
        assertThat(scoreboard.allAsExpected()).isTrue();
        scoreboard.add(new Trial(ProxyMode.NFTABLES, "b", "x", "y", false));
        assertThat(scoreboard.allAsExpected()).isFalse();
        assertThat(scoreboard.wrong()).isEqualTo(1);
        assertThat(scoreboard.trialRows().getLast()).containsExactly("nftables", "b", "x", "y", "WRONG");
    }

    @Test
    void nothingTriedIsNotAsExpected() {
        assertThat(new Scoreboard().allAsExpected()).isFalse();
    }

    @Test
    void countsAnswersForEachBackend() {
        Scoreboard scoreboard = new Scoreboard();
        Tally tally = new Tally(List.of(answered("web-1"), answered("web-2"), answered("web-1")));
        scoreboard.add(ProxyMode.NFTABLES, tally.answered());
        scoreboard.add(ProxyMode.NFTABLES, tally.answered());
        assertThat(scoreboard.answerRows(List.of(ProxyMode.IPTABLES, ProxyMode.NFTABLES)))
                .containsExactly(
                        List.of("answered by", "iptables", "nftables"),
                        List.of("web-1", "0", "4"),
                        List.of("web-2", "0", "2"));
    }

    @Test
    void aTallySaysWhatBecameOfAll() {
        Tally mixed = new Tally(List.of(answered("web-1"), new Answer.Refused(SHORT), new Answer.TimedOut(SHORT)));
        assertThat(mixed.text()).isEqualTo("no answer 1, refused 1, web-1 1");
        assertThat(mixed.allAnswered()).isFalse();
        assertThat(mixed.sources()).containsExactly(Ip.parse("192.0.2.1"));
        Tally refused = new Tally(List.of(new Answer.Refused(SHORT)));
        assertThat(refused.allRefusedWithin(SHORT)).isTrue();
        assertThat(refused.allRefusedWithin(SHORT.dividedBy(2))).isFalse();
    }

    private static Answer answered(String by) {
        return new Answer.Answered(by, IpPort.parse("10.0.0.1:80"), Ip.parse("192.0.2.1"), SHORT);
    }
}
