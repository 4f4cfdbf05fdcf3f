package io.fairlead.demo;

import io.fairlead.core.plan.ProxyMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything tried and everything answered, over all backends, for the table at the end. */
final class Scoreboard {
    private final List<Trial> trials = new ArrayList<>();
    private final SortedMap<String, SortedMap<ProxyMode, Integer>> answers = new TreeMap<>();

    void add(Trial trial) {
        trials.add(trial);
    }

    /** Counts answers of one backend's run by who gave them. */
    void add(ProxyMode mode, SortedMap<String, Integer> answered) {
        answered.forEach((who, count) ->
                answers.computeIfAbsent(who, _ -> new TreeMap<>()).merge(mode, count, Integer::sum));
    }

    /** True if something was tried and everything came as expected. */
    boolean allAsExpected() {
        return !trials.isEmpty() && trials.stream().allMatch(Trial::asExpected);
    }

    /** How many were tried. */
    int size() {
        return trials.size();
    }

    /** How many came otherwise. */
    long wrong() {
        return trials.stream().filter(trial -> !trial.asExpected()).count();
    }

    /** The table of everything tried, with a heading. */
    List<List<String>> trialRows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("backend", "tried", "expected", "seen", ""));
        for (Trial trial : trials) {
            rows.add(List.of(
                    trial.mode().text(),
                    trial.tried(),
                    trial.expected(),
                    trial.seen(),
                    trial.asExpected() ? "ok" : "WRONG"));
        }
        return rows;
    }

    /** The table of who answered how often, with a heading. */
    List<List<String>> answerRows(List<ProxyMode> modes) {
        List<List<String>> rows = new ArrayList<>();
        List<String> heading = new ArrayList<>(List.of("answered by"));
        modes.forEach(mode -> heading.add(mode.text()));
        rows.add(heading);
        answers.forEach((who, counts) -> {
            List<String> row = new ArrayList<>(List.of(who));
            modes.forEach(mode -> row.add(String.valueOf(counts.getOrDefault(mode, 0))));
            rows.add(row);
        });
        return rows;
    }
}
