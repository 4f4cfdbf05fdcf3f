package io.fairlead.ui;

import io.fairlead.agent.loop.KernelComparison;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.serve.CountedPackets;
import io.fairlead.agent.source.ClusterSource;
import io.fairlead.core.cluster.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state of the agent.
 *
 * @param lines the lines of {@code /statusz}, without the quarantine
 * @param quarantine the Services in quarantine, each with the reason
 * @param stages the stages of the last round
 * @param counts the packet counters in the rules; empty if the mode has none
 * @param comparison in a dry run, the comparison of the kernel with the plan as one line; "" otherwise
 */
record StatusView(
        List<ClusterSource.Detail> lines,
        SortedMap<ServiceName, String> quarantine,
        List<Stage> stages,
        List<Count> counts,
        String comparison) {

    /** A stage of a round and its time, for people. */
    record Stage(String name, String took) {}

    /** A packet counter. */
    record Count(String text, long packets) {}

    static StatusView of(List<ClusterSource.Detail> lines, Snapshot snapshot, List<CountedPackets> counted) {
        RoundResult last = snapshot.last();
        List<Count> counts = new ArrayList<>();
        for (CountedPackets counter : counted) {
            counter.packets().get().ifPresent(packets -> counts.add(new Count(counter.help(), packets)));
        }
        KernelComparison comparison = last == null ? null : last.comparison();
        return new StatusView(
                lines.stream().filter(line -> !line.name().equals("quarantine")).toList(),
                last == null ? new TreeMap<>() : last.quarantined(),
                last == null
                        ? List.of()
                        : last.stages().stream()
                                .map(stage -> new Stage(
                                        stage.name(),
                                        String.format("%.1f ms", stage.took().toNanos() / 1e6)))
                                .toList(),
                counts,
                comparison == null ? "" : comparison.text());
    }
}
