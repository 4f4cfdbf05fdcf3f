package io.fairlead.agent.loop;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.RuleCount;
import io.fairlead.core.rules.RuleGrowth;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the rules in the kernel, and the rules that a round wrote, for each IP family and table (MET-2). */
final class RuleTotals {

    private record Place(IpFamily family, String table) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byFamily = family.compareTo(other.family);
            return byFamily != 0 ? byFamily : table.compareTo(other.table);
        }
    }

    private final SortedMap<Place, RoundResult.RuleTotal> totals = new TreeMap<>();
    private boolean known;

    /** Records the start of a round, before rules are read or written. */
    void startRound() {
        known = false;
    }

    /** Sets the numbers of rules that were read from the kernel. */
    void read(List<RuleCount> counts) {
        known = true;
        totals.clear();
        for (RuleCount count : counts) {
            totals.put(
                    new Place(count.family(), count.table()),
                    new RoundResult.RuleTotal(count.family(), count.table(), count.rules(), 0));
        }
    }

    /** Adds a change that the kernel accepted. No rule was written to tables that are not in the change. */
    void applied(List<RuleGrowth> growth) {
        known = true;
        totals.replaceAll((_, total) -> total.with(0, 0));
        for (RuleGrowth one : growth) {
            totals.computeIfPresent(
                    new Place(one.family(), one.table()), (_, total) -> total.with(one.more(), one.written()));
        }
    }

    /** Returns the totals after this round; empty if the round neither read nor wrote rules. */
    List<RoundResult.RuleTotal> tables() {
        return known ? List.copyOf(totals.values()) : List.of();
    }
}
