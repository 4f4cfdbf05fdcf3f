package io.fairlead.core.verify;

import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.plan.Split;
import io.fairlead.core.trace.Answer;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.core.trace.Tracer;
import io.fairlead.core.trace.UnknownRuleException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Verifies rules by their effect; it does not matter which program wrote the rules. Packets to every frontend of a plan
 * are traced, and each outcome is compared with the outcome in the flow model. Rules that differ in form and have the
 * same effect pass. A missing or superfluous rule appears as the packets whose outcome it changes.
 *
 * @param packets the number of traced packets
 * @param findings the packets whose outcome differs from the expected outcome, sorted by Service port
 * @param unsure the packets that have the expected outcome only if certain rules do not match. These are rules whose
 *     conditions the tracer does not understand
 */
public record Verification(int packets, List<Finding> findings, List<Finding> unsure) {

    /** The greatest difference between the part of the traffic that an endpoint receives and its weight (SPLIT-3). */
    private static final double TOLERANCE = 0.0005;

    /**
     * One packet, its expected outcome and its actual outcome.
     *
     * @param actual null if the meaning of a rule is unknown, if the verdict depends on chance, or if the traffic is
     *     split with other weights
     * @param doubt the reason why {@code actual} is null, or what must be true for {@code actual} to be correct; "" if
     *     it is certain
     * @param others the rules of other programs that the packet met
     */
    public record Finding(
            Probe probe, Outcome expected, @Nullable Outcome actual, String doubt, List<TraceStep> others) {
        /** Copies the list. */
        public Finding {
            others = List.copyOf(others);
        }
    }

    /** Copies the lists. */
    public Verification {
        findings = List.copyOf(findings);
        unsure = List.copyOf(unsure);
    }

    /**
     * Traces every probe and compares its outcome with the flow model. The addresses of the other nodes are unknown.
     *
     * @param ports selects the Service ports to verify
     * @param traced is called after each Service port, to show progress
     */
    public static Verification of(
            Plan plan, Host host, Tracer rules, Predicate<ServicePortName> ports, Runnable traced) {
        return of(plan, host, rules, Set.of(), ports, traced);
    }

    /**
     * Traces every probe and compares its outcome with the flow model. If another program changes the source address of
     * a packet, this counts as a difference only if the Service promises to keep the source address.
     *
     * @param nodes the known addresses of the nodes of the cluster; an endpoint with one of them is not a pod
     * @param ports selects the Service ports to verify
     * @param traced is called after each Service port, to show progress
     */
    public static Verification of(
            Plan plan, Host host, Tracer rules, Set<Ip> nodes, Predicate<ServicePortName> ports, Runnable traced) {
        FlowModel model = new FlowModel(plan, host);
        List<Finding> findings = new ArrayList<>();
        List<Finding> unsure = new ArrayList<>();
        int[] packets = {0};
        for (IpFamily family : IpFamily.values()) {
            Probes probes = new Probes(plan, family, host);
            SourcePromise promise = new SourcePromise(plan, family, host, rules, nodes);
            plan.ports(family).filter(port -> ports.test(port.name())).forEach(port -> {
                probes.of(port).forEach(probe -> {
                    packets[0]++;
                    Outcome expected = model.outcome(probe.flow());
                    Map<IpPort, Double> shares =
                            port.split().equals(Split.NONE) ? Map.of() : model.shares(probe.flow());
                    Function<Answer, Outcome> judged = answer -> promise.judged(probe, port, expected, answer);
                    Finding finding = judge(probe, expected, shares, rules, judged);
                    if (!finding.expected().equals(finding.actual())) {
                        findings.add(finding);
                    } else if (!finding.doubt().isEmpty()) {
                        unsure.add(finding);
                    }
                });
                traced.run();
            });
        }
        return new Verification(packets[0], findings, unsure);
    }

    /**
     * Compares the outcome of a probe.
     *
     * @param shares the part of the packets that each endpoint must receive; empty if it is not compared
     */
    private static Finding judge(
            Probe probe, Outcome expected, Map<IpPort, Double> shares, Tracer rules, Function<Answer, Outcome> judged) {
        try {
            Answer answer = rules.answer(probe.flow());
            Map<IpPort, Double> actual = answer.trace().shares();
            for (Map.Entry<IpPort, Double> share : shares.entrySet()) {
                double found = actual.getOrDefault(share.getKey(), 0d);
                if (actual.keySet().equals(shares.keySet()) && Math.abs(found - share.getValue()) > TOLERANCE) {
                    String doubt = String.format(
                            Locale.ROOT,
                            "%s receives %.2f %% of the traffic instead of %.2f %%",
                            share.getKey(),
                            100 * found,
                            100 * share.getValue());
                    return new Finding(probe, expected, null, doubt, answer.others());
                }
            }
            return new Finding(probe, expected, judged.apply(answer), answer.condition(), answer.others());
        } catch (UnknownRuleException | IllegalStateException e) {
            return new Finding(probe, expected, null, String.valueOf(e.getMessage()), List.of());
        }
    }

    /** Returns the Service ports for which there are findings. */
    public SortedSet<ServicePortName> affected() {
        SortedSet<ServicePortName> affected = new TreeSet<>();
        findings.forEach(finding -> affected.add(finding.probe().port()));
        return affected;
    }
}
