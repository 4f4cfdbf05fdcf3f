package io.fairlead.demo;

import io.fairlead.core.plan.ProxyMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects the trials and answers of all backends, for the tables at the end. */
final class Scoreboard {
    private final List<Trial> trials = new ArrayList<>();
    private final SortedMap<String, SortedMap<ProxyMode, Integer>> answers = new TreeMap<>();

    void add(Trial trial) {
        trials.add(trial);
    }

    /** Adds the number of answers by each listener, for one backend. */
    void add(ProxyMode mode, SortedMap<String, Integer> answered) {
        answered.forEach((who, count) ->
                answers.computeIfAbsent(who, _ -> new TreeMap<>()).merge(mode, count, Integer::sum));
    }

    /** Returns whether there was at least one trial and all trials had the expected result. */
    boolean allAsExpected() {
        return !trials.isEmpty() && trials.stream().allMatch(Trial::asExpected);
    }

    /** Returns the number of trials. */
    int size() {
        return trials.size();
    }

    /** Returns the number of trials that did not have the expected result. */
    long wrong() {
        return trials.stream().filter(trial -> !trial.asExpected()).count();
    }

    /** Returns the rows of the table of trials, with a heading. */
    List<List<String>> trialRows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("backend", "check", "expected", "seen", ""));
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

    /** Returns the rows of the table of answers by listener, with a heading. */
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
