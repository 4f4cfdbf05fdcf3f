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
 * @param full whether everything was read and compared, and not only what had changed
 * @param delta the changes of the plan; null if planning failed
 * @param triggers when the pods changed that made this round's slices change (EPS-16)
 * @param lines the lines of rules that were added and removed; in a dry run those that would be
 * @param stages the steps in the order in which they ran
 * @param took the time of the whole round
 * @param quarantined Services that are left out because the kernel refused their rules, each with the reason
 * @param repair the rules that another program had changed before this round; null if none had
 * @param node the node plan that the kernel has, by family; empty until a round has succeeded
 * @param notices what the backend reported
 * @param rules the number of rules in the kernel; empty if the round neither read nor wrote any, or if the mode counts
 *     none (MET-2)
 * @param comparison in a dry run, the comparison of the kernel's rules with the plan; null otherwise and after a
 *     failure
 * @param error why the round failed; "" if it did not
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
    /** The number of changed Services from which a round is large: memory is released after it. */
    private static final int LARGE = 1000;

    private static final int MOST_NAMES = 5;

    /** How a round ended. */
    public enum Outcome {
        /** There was nothing to do. */
        UNCHANGED,
        /** The kernel has all rules of the plan, except for the Services in quarantine. */
        APPLIED,
        /** The kernel has the old rules. */
        FAILED
    }

    /** One step of a round and its time. */
    public record Stage(String name, Duration took) {}

    /**
     * Rules that another program had changed.
     *
     * @param by the program, as far as it is known
     * @param of the origins of the changed rules: "node", then Service ports
     */
    public record Repair(String by, List<String> of) {
        /** Copies the list. */
        public Repair {
            of = List.copyOf(of);
        }
    }

    /**
     * The number of our rules in a table, and how many of them this round wrote.
     *
     * @param table the name as in the dialect's tool
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

    /** Returns whether the round leaves much garbage in memory. */
    boolean isLarge() {
        return comparison == null && (full || changedServices() >= LARGE);
    }

    /** Returns one line for the log. */
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
