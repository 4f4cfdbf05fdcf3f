package io.fairlead.core.verify;

import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.trace.Tracer;
import io.fairlead.core.trace.UnknownRuleException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Judges rules by what they do, whoever wrote them: packets to every frontend of a plan are traced, and compared with
 * what the plan says of them. Rules that look different and do the same pass; a rule that is missing, or one too many,
 * shows as the packets it harms.
 *
 * @param packets how many were traced
 * @param findings those that the rules treat otherwise, in order of Service port
 */
public record Verification(int packets, List<Finding> findings) {

    /**
     * One packet that goes astray.
     *
     * @param actual null if the rules hold something whose meaning is not known, or if it depends on chance what
     *     they do
     * @param doubt why there is no {@code actual}; "" if there is one
     */
    public record Finding(
            Probe probe, Outcome expected, @Nullable Outcome actual, String doubt) {}

    /** Copies the list. */
    public Verification {
        findings = List.copyOf(findings);
    }

    /**
     * Traces every probe.
     *
     * @param ports which Service ports are looked at
     * @param traced is told after each Service port, for showing progress
     */
    public static Verification of(
            Plan plan, Host host, Tracer rules, Predicate<ServicePortName> ports, Runnable traced) {
        FlowModel model = new FlowModel(plan, host);
        List<Finding> findings = new ArrayList<>();
        int[] packets = {0};
        for (IpFamily family : IpFamily.values()) {
            Probes probes = new Probes(plan, family, host);
            plan.ports(family).filter(port -> ports.test(port.name())).forEach(port -> {
                probes.of(port).forEach(probe -> {
                    packets[0]++;
                    Finding finding = judge(probe, model.outcome(probe.flow()), rules);
                    if (!finding.expected().equals(finding.actual())) {
                        findings.add(finding);
                    }
                });
                traced.run();
            });
        }
        return new Verification(packets[0], findings);
    }

    private static Finding judge(Probe probe, Outcome expected, Tracer rules) {
        try {
            return new Finding(probe, expected, rules.trace(probe.flow()).outcome(), "");
        } catch (UnknownRuleException | IllegalStateException e) {
            return new Finding(probe, expected, null, String.valueOf(e.getMessage()));
        }
    }

    /** The Service ports of all findings. */
    public SortedSet<ServicePortName> affected() {
        SortedSet<ServicePortName> affected = new TreeSet<>();
        findings.forEach(finding -> affected.add(finding.probe().port()));
        return affected;
    }
}
