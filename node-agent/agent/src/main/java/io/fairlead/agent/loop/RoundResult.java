package io.fairlead.agent.loop;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.rules.Lines;
import io.fairlead.core.rules.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The result of one round.
 *
 * @param full whether all rules were read from the kernel and compared; otherwise only the changed Services were
 *     handled
 * @param delta the Services whose plan changed; null if planning failed
 * @param triggers the times at which the pods changed that caused the changes of slices in this round (EPS-16)
 * @param lines the number of lines of rules that were added and removed; in a dry run, the number that would be added
 *     and removed
 * @param stages the steps of the round, in the order in which they ran
 * @param took the time of the whole round
 * @param quarantined the Services that are left out because the kernel refused their rules, each with the reason
 * @param repair the changes by another program that this round repaired; null if there were none
 * @param node the part of the plan that does not depend on Services, as it was last applied, by IP family; empty until
 *     a round has succeeded
 * @param notices the notices that the backend reported during this round
 * @param rules the number of rules in the kernel; empty if the round neither read nor wrote rules, or if the mode does
 *     not count rules (MET-2)
 * @param comparison in a dry run, the comparison of the kernel's rules with the plan; null otherwise and after a
 *     failure
 * @param error the reason why the round failed; "" if it did not fail
 */
public record RoundResult(
        Outcome outcome,
        boolean full,
        @Nullable PlanDelta delta,
        List<Instant> triggers,
        Lines lines,
        List<Stage> stages,
        Duration took,
        SortedMap<ServiceName, String> quarantined,
        @Nullable Repair repair,
        Map<IpFamily, NodePlan> node,
        List<Notice> notices,
        List<RuleTotal> rules,
        @Nullable KernelComparison comparison,
        String error) {
    /** The number of changed Services from which a round counts as large. Memory is released after a large round. */
    private static final int LARGE = 1000;

    private static final int MOST_NAMES = 5;

    /** The outcome of a round. */
    public enum Outcome {
        /** No rule had to be changed. In a dry run: the rules were compared. */
        UNCHANGED,
        /** Rules were changed. The kernel has all rules of the plan, except the rules of the Services in quarantine. */
        APPLIED,
        /** The round failed. The old rules stay in each table for which no transaction was accepted in this round. */
        FAILED
    }

    /** One step of a round and its time. */
    public record Stage(String name, Duration took) {}

    /**
     * The repair of rules that another program had changed.
     *
     * @param by the name of the program that changed the rules, as far as it is known
     * @param of the origins of the repaired rules: "node" for rules that belong to no Service, then the names of
     *     Service ports
     */
    public record Repair(String by, List<String> of) {
        /** Copies the list. */
        public Repair {
            of = List.copyOf(of);
        }
    }

    /**
     * The number of Fairlead's rules in a table, and the number of rules that this round wrote.
     *
     * @param table the name of the table, as in the program iptables or nft
     */
    public record RuleTotal(IpFamily family, String table, long rules, long written) {
        RuleTotal with(long more, long nowWritten) {
            return new RuleTotal(family, table, rules + more, nowWritten);
        }
    }

    /** Copies the collections. */
    public RoundResult {
        triggers = List.copyOf(triggers);
        stages = List.copyOf(stages);
        notices = List.copyOf(notices);
        rules = List.copyOf(rules);
        quarantined = Collections.unmodifiableSortedMap(new TreeMap<>(quarantined));
        node = Collections.unmodifiableMap(node.isEmpty() ? new EnumMap<>(IpFamily.class) : new EnumMap<>(node));
    }

    /** Returns the number of Services whose plan changed. */
    public int changedServices() {
        return delta == null ? 0 : delta.services().size();
    }

    /** Returns whether the round left much garbage in memory. */
    boolean isLarge() {
        return comparison == null && (full || changedServices() >= LARGE);
    }

    /** Returns the result as one line of text for the log. */
    public String text() {
        String services = changedServices() == 0 || delta == null
                ? ""
                : "; " + names(delta.services().keySet().stream().toList());
        String left = quarantined.isEmpty() ? "" : "; in quarantine: " + quarantined.keySet();
        String times = stages.stream()
                .map(stage -> stage.name() + " " + milliseconds(stage.took()))
                .collect(Collectors.joining(", ", " (", ")"));
        String changed = ": +" + lines.added() + " -" + lines.removed() + " lines";
        return switch (outcome) {
            case UNCHANGED -> "nothing to do" + services + left + times;
            case APPLIED ->
                (repair == null
                                ? "applied" + changed
                                : "repaired after " + repair.by() + " had changed the rules" + changed
                                        + (repair.of().isEmpty() ? "" : " of " + cut(repair.of())))
                        + services
                        + left
                        + times;
            case FAILED -> "failed: " + error + services + left + times;
        };
    }

    private static String names(List<ServiceName> names) {
        return (names.size() == 1 ? "Service " : names.size() + " Services: ")
                + cut(names.stream().map(ServiceName::text).toList());
    }

    private static String cut(List<String> names) {
        String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return first + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
    }

    private static String milliseconds(Duration took) {
        double ms = took.toNanos() / 1e6;
        return (ms < 10 ? String.format(Locale.ROOT, "%.1f", ms) : Long.toString(Math.round(ms))) + " ms";
    }
}
