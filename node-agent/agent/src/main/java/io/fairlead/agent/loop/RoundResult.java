package io.fairlead.agent.loop;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.PlanDelta;
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
 * What came of one round.
 *
 * @param full whether everything was read and compared, not only what had changed
 * @param delta what was planned differently; null if planning failed
 * @param triggers when the pods changed that made this round's slices change (EPS-16)
 * @param lines of rules that were written and removed, or would have to be
 * @param stages the steps in the order in which they ran
 * @param took the whole round
 * @param quarantined Services that are left out because the kernel refused their rules, each with the reason
 * @param repair what another program had changed before this round; null if none had
 * @param node the node's part of the rules that the kernel has, by family; empty before a first round ended well
 * @param notices what the backend reported
 * @param rules how many rules the kernel has; empty if the round neither read nor wrote any, or the mode counts
 *     none (MET-2)
 * @param comparison in a dry run, how the kernel's rules compare with the plan; null otherwise and after a failure
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
    /** Services in one round after which memory is given back. */
    private static final int LARGE = 1000;

    private static final int MOST_NAMES = 5;

    /** What came of a round. */
    public enum Outcome {
        /** There was nothing to do. */
        UNCHANGED,
        /** The kernel has what it should have, except for what is in quarantine. */
        APPLIED,
        /** The kernel has what it had before. */
        FAILED
    }

    /** How many lines of rules. */
    public record Lines(long added, long removed) {
        static final Lines NONE = new Lines(0, 0);
    }

    /** One step of a round and how long it took. */
    public record Stage(String name, Duration took) {}

    /**
     * Rules that another program had changed.
     *
     * @param by which program, as far as is known
     * @param of whose rules differed: "node", then Services' ports
     */
    public record Repair(String by, List<String> of) {
        /** Copies the list. */
        public Repair {
            of = List.copyOf(of);
        }
    }

    /**
     * How many rules of ours a table has, and how many of them this round wrote.
     *
     * @param table as the dialect's tool names it
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

    /** How many Services were planned differently. */
    public int changedServices() {
        return delta == null ? 0 : delta.services().size();
    }

    /** Whether the round leaves much garbage behind. */
    boolean isLarge() {
        return comparison == null && (full || changedServices() >= LARGE);
    }

    /** One line for a log. */
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
