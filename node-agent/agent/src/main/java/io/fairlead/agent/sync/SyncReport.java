package io.fairlead.agent.sync;

import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.plan.PlanDelta;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One round, as it went.
 *
 * @param outcome what came of it
 * @param delta what was planned differently; null if the objects could not be read
 * @param input what was read; null if it could not be
 * @param added lines written to the kernel
 * @param removed lines taken from the kernel
 * @param stages how long each took, in the order in which they ran
 * @param quarantined Services that are left out because the kernel refused their rules, each with the reason
 * @param disturbedBy who else had changed our rules before this round, as far as is known; "" if nobody did
 * @param repaired whose rules were not as they had been left, if somebody else had changed them: "node", then Services' ports
 * @param error why it failed; "" if it did not
 */
public record SyncReport(
        Outcome outcome,
        @Nullable PlanDelta delta,
        @Nullable ClusterInput input,
        long added,
        long removed,
        List<Stage> stages,
        SortedMap<ServiceName, String> quarantined,
        String disturbedBy,
        List<String> repaired,
        String error) {

    /** What came of a round. */
    public enum Outcome {
        /** There was nothing to do. */
        UNCHANGED,
        /** The kernel has what it should have, except for what is in quarantine. */
        APPLIED,
        /** The kernel has what it had before. */
        FAILED
    }

    /** One step of a round. */
    public record Stage(String name, Duration took) {}

    /** Copies the lists. */
    public SyncReport {
        stages = List.copyOf(stages);
        repaired = List.copyOf(repaired);
    }

    /** Whether everything was read and compared, not only what had changed. */
    public boolean readsKernel() {
        return stages.stream().anyMatch(stage -> stage.name().equals("read kernel"));
    }

    /** One line for a log. */
    public String text() {
        String services = delta == null || delta.services().isEmpty()
                ? ""
                : "; " + names(delta.services().keySet().stream().toList());
        String left = quarantined.isEmpty() ? "" : "; in quarantine: " + quarantined.keySet();
        String times = stages.stream()
                .map(stage -> stage.name() + " " + milliseconds(stage.took()))
                .collect(Collectors.joining(", ", " (", ")"));
        return switch (outcome) {
            case UNCHANGED -> "nothing to do" + services + left + times;
            case APPLIED ->
                (disturbedBy.isEmpty() ? "applied" : "repaired after " + disturbedBy + " had changed the rules") + ": +"
                        + added + " -" + removed + " lines" + (repaired.isEmpty() ? "" : " of " + cut(repaired))
                        + services + left + times;
            case FAILED -> "failed: " + error + services + left + times;
        };
    }

    private static String names(List<ServiceName> names) {
        return (names.size() == 1 ? "Service " : names.size() + " Services: ")
                + cut(names.stream().map(ServiceName::text).toList());
    }

    private static String cut(List<String> names) {
        String first = names.stream().limit(5).collect(Collectors.joining(", "));
        return first + (names.size() > 5 ? " and " + (names.size() - 5) + " more" : "");
    }

    private static String milliseconds(Duration took) {
        double ms = took.toNanos() / 1e6;
        return (ms < 10 ? String.format(java.util.Locale.ROOT, "%.1f", ms) : Long.toString(Math.round(ms))) + " ms";
    }
}
