package io.fairlead.demo;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.lab.Answer;
import io.fairlead.lab.LabHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Opens connections, compares the results with the expected results, prints them and adds them to the scoreboard. */
final class Checks {
    /**
     * The number of connections per trial. With a fair choice between two pods, the probability that one pod gets no
     * connection is 2 * 2^-24, about one in eight million.
     */
    static final int CONNECTIONS = 24;

    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ProxyMode mode;
    private final Stage stage;
    private final Scoreboard scoreboard;

    Checks(ProxyMode mode, Stage stage, Scoreboard scoreboard) {
        this.mode = mode;
        this.stage = stage;
        this.scoreboard = scoreboard;
    }

    /** Adds the answers of connections that another class opened to the scoreboard. */
    void count(Tally tally) {
        scoreboard.add(mode, tally.answered());
    }

    Tally ask(LabHost from, Protocol protocol, IpPort to) {
        return ask(from, protocol, to, CONNECTIONS, PATIENCE);
    }

    Tally ask(LabHost from, Protocol protocol, IpPort to, int times, Duration patience) {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(from.ask(protocol, null, to, patience));
        }
        Tally tally = new Tally(answers);
        scoreboard.add(mode, tally.answered());
        return tally;
    }

    void expectAll(String tried, Tally tally, Set<String> names) {
        judge(
                tried,
                String.join(" and ", new TreeSet<>(names)),
                tally.text(),
                tally.allAnswered() && tally.answered().keySet().equals(names));
    }

    void expectSource(String tried, Tally tally, Ip source) {
        String seen = Objects.toString(tally.sources());
        judge(tried, "[" + source + "]", seen, tally.sources().equals(Set.of(source)));
    }

    void judge(String tried, String expected, String seen, boolean asExpected) {
        Trial trial = new Trial(mode, tried, expected, seen, asExpected);
        scoreboard.add(trial);
        stage.result(trial);
    }
}
