package io.fairlead.doctor;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Runs all checks. */
public final class Doctor {
    private static final List<Function<Examined, List<Diagnosis>>> CHECKS = List.of(
            KernelChecks::of,
            ToolChecks::of,
            RuleChecks::of,
            Leftovers::of,
            ConntrackChecks::of,
            NetworkChecks::of,
            SizeChecks::of);

    private Doctor() {}

    /** Returns the results of all checks: errors first, then warnings, then notes. */
    public static List<Diagnosis> examine(Examined node) {
        return CHECKS.stream()
                .flatMap(check -> check.apply(node).stream())
                .sorted(Comparator.comparing(Diagnosis::severity))
                .toList();
    }
}
