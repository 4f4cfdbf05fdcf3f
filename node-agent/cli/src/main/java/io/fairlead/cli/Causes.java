package io.fairlead.cli;

import io.fairlead.core.flow.Outcome;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.core.verify.Verification.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Groups findings by their cause: a rule of another program, or a setting of the proxy. A finding is a packet that the
 * rules do not treat as expected.
 */
final class Causes {
    private Causes() {}

    /**
     * Findings with the same cause.
     *
     * @param text the cause, as text for users; "" if the rules of the Service port itself are wrong
     */
    record Group(String text, List<Finding> findings) {
        /** Returns the Service ports of the findings. */
        Set<ServicePortName> ports() {
            Set<ServicePortName> ports = new TreeSet<>();
            findings.forEach(finding -> ports.add(finding.probe().port()));
            return ports;
        }

        /** Returns the number of Services of the findings. */
        long services() {
            return ports().stream().map(ServicePortName::service).distinct().count();
        }
    }

    /**
     * Returns the groups. Groups with a cause come first, ordered by the number of Services, largest first. The
     * findings without a cause follow, one group for each Service port.
     */
    static List<Group> of(List<Finding> findings) {
        Map<String, List<Finding>> byCause = new LinkedHashMap<>();
        Map<ServicePortName, List<Finding>> byPort = new LinkedHashMap<>();
        for (Finding finding : findings) {
            String cause = cause(finding);
            if (cause.isEmpty()) {
                byPort.computeIfAbsent(finding.probe().port(), _ -> new ArrayList<>())
                        .add(finding);
            } else {
                byCause.computeIfAbsent(cause, _ -> new ArrayList<>()).add(finding);
            }
        }
        List<Group> groups = new ArrayList<>();
        byCause.forEach((cause, ofCause) -> groups.add(new Group(cause, ofCause)));
        groups.sort((one, two) -> Long.compare(two.services(), one.services()));
        byPort.values().forEach(ofPort -> groups.add(new Group("", ofPort)));
        return groups;
    }

    /** Returns the cause of a finding if other findings may have the same cause; otherwise "". */
    static String cause(Finding finding) {
        Outcome actual = finding.actual();
        if (!finding.others().isEmpty()) {
            TraceStep rule = finding.others().getLast();
            return rule.place() + " \"" + rule.rule() + "\" of " + rule.origin().text() + ": "
                    + (rule.why().isEmpty() ? "changes the outcome for the packets" : rule.why());
        }
        if (actual == null) {
            return "";
        }
        Outcome expected = finding.expected();
        boolean sameButSource = expected.verdict() == actual.verdict()
                && expected.endpoints().equals(actual.endpoints())
                && expected.masquerade() != actual.masquerade();
        if (sameButSource) {
            return "packets from " + finding.probe().source().text()
                    + (actual.masquerade() ? " are masqueraded" : " are not masqueraded")
                    + ", which differs from the configuration; give the configuration of the running proxy with"
                    + " --config (its clusterCIDR, detectLocalMode and masqueradeAll decide)";
        }
        if (actual.verdict() == Verdict.PASS && expected.verdict() != Verdict.PASS) {
            return "no rule matches the packets";
        }
        return "";
    }
}
