package io.fairlead.cli;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.trace.Tracer;
import io.fairlead.core.verify.Verification;
import io.fairlead.core.verify.Verification.Finding;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Computes for each Service what a change of the kernel's rules means for packets. The plan of the new rules is known,
 * but the kernel has only rules. Therefore the paths of test packets through the kernel's rules are computed, and the
 * outcomes are compared with the plan.
 */
final class PacketChanges {
    /**
     * The largest number of lines about packets whose treatment changes while the endpoints stay the same, for one
     * Service port and IP family. Further lines rarely contain new information.
     */
    private static final int MOST_LINES = 5;

    private PacketChanges() {}

    private record PortFamily(ServicePortName port, IpFamily family) implements Comparable<PortFamily> {
        @Override
        public int compareTo(PortFamily other) {
            int byPort = port.compareTo(other.port);
            return byPort != 0 ? byPort : family.compareTo(other.family);
        }
    }

    /**
     * Returns sentences for each changed Service for which the kernel already has rules. There are no sentences for a
     * Service whose rules are only added or only removed, because the changed lines already show this.
     *
     * @param report the change of the rules
     * @param planned the plan of the new rules
     * @param kernel computes the paths of packets through the current rules of the kernel
     */
    static SortedMap<ServiceName, List<String>> of(ChangeReport report, Planned planned, Tracer kernel) {
        Set<ServicePortName> changed = report.byOrigin().keySet().stream()
                .filter(Origin.Port.class::isInstance)
                .map(origin -> ((Origin.Port) origin).name())
                .collect(Collectors.toSet());
        SortedMap<PortFamily, List<Finding>> byPort = new TreeMap<>();
        Verification.of(planned.plan(), planned.host(), kernel, changed::contains, () -> {})
                .findings()
                .forEach(finding -> byPort.computeIfAbsent(
                                new PortFamily(
                                        finding.probe().port(),
                                        finding.probe().flow().to().family()),
                                _ -> new ArrayList<>())
                        .add(finding));
        SortedMap<ServiceName, List<String>> meanings = new TreeMap<>();
        byPort.forEach((port, findings) -> {
            List<String> lines = lines(findings);
            if (!lines.isEmpty()) {
                String label = PlanChanges.label(port.port(), port.family());
                meanings.computeIfAbsent(port.port().service(), _ -> new ArrayList<>())
                        .addAll(lines.stream().map(line -> label + ": " + line).toList());
            }
        });
        return meanings;
    }

    private static List<String> lines(List<Finding> findings) {
        if (findings.stream().allMatch(finding -> isUnserved(finding.actual()))) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        PlanChanges.replaced(
                "endpoint ",
                endpoints(findings.stream().flatMap(finding -> Stream.ofNullable(finding.actual()))),
                endpoints(findings.stream().map(Finding::expected)),
                lines);
        if (lines.isEmpty()) {
            lines.addAll(verdicts(findings));
        }
        return lines;
    }

    /**
     * Returns whether the kernel has no rule for a packet, or the path of the packet cannot be computed.
     *
     * @param actual the outcome of the packet; null if it cannot be computed
     */
    private static boolean isUnserved(@Nullable Outcome actual) {
        return actual == null || actual.verdict() == Verdict.PASS;
    }

    private static SortedSet<String> endpoints(Stream<Outcome> outcomes) {
        return outcomes.flatMap(outcome -> outcome.endpoints().stream())
                .map(IpPort::text)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns lines about packets whose treatment changes although the endpoints stay the same. */
    private static List<String> verdicts(List<Finding> findings) {
        Set<String> lines = new LinkedHashSet<>();
        for (Finding finding : findings) {
            if (finding.actual() != null) {
                lines.add("packets from " + finding.probe().source().text() + " to "
                        + finding.probe().frontend().text() + ": "
                        + finding.actual().text() + " now, "
                        + finding.expected().text() + " after the change");
            }
        }
        return lines.stream().limit(MOST_LINES).toList();
    }
}
