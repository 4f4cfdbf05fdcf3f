package io.fairlead.agent.loop;

import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.rules.Lines;
import io.fairlead.core.verify.Verification;
import io.fairlead.core.verify.Verification.Finding;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of a dry run: how the rules in the kernel, which any program may have written, treat packets to Services,
 * compared with the plan. A frontend is an address, protocol and port at which a Service is reached, or a node port.
 *
 * @param at the time at which the kernel was read
 * @param frontends the number of frontends for each IP family and state
 * @param different the frontends whose packets are not treated as expected, each with one test packet that shows this
 * @param services the number of Services that have rules in the plan
 * @param lines the number of lines that Fairlead would add and remove to replace the rules in the kernel by its own
 *     rules
 */
public record KernelComparison(
        Instant at,
        Map<IpFamily, Map<State, Integer>> frontends,
        List<Difference> different,
        int services,
        Lines lines) {

    /** The way in which the kernel treats packets to a frontend. */
    public enum State {
        /** Packets are treated as expected. */
        SAME,
        /**
         * Packets are treated as if the Service did not exist: they pass unchanged, or are dropped or rejected like
         * packets to an unused address in a ServiceCIDR.
         */
        MISSING,
        /** Packets are treated in another way than expected. */
        DIFFERENT;

        /** Returns the name in lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A frontend whose packets are not treated as expected. */
    public record Difference(State state, Finding finding) {}

    private record FrontendOf(ServicePortName port, IpFamily family, Frontend frontend) {
        static FrontendOf of(Finding finding) {
            return new FrontendOf(
                    finding.probe().port(),
                    finding.probe().flow().to().family(),
                    finding.probe().frontend());
        }
    }

    /** Copies the collections. */
    public KernelComparison {
        frontends = Map.copyOf(frontends);
        different = List.copyOf(different);
    }

    /** Creates a comparison from the result of a verification. */
    static KernelComparison of(Instant at, Plan plan, Host host, Verification verification, Lines lines) {
        FlowModel empty = new FlowModel(new Plan(plan.ipv4(), plan.ipv6(), new TreeMap<>()), host);
        Map<FrontendOf, Difference> different = new LinkedHashMap<>();
        for (Finding finding : verification.findings()) {
            different.merge(
                    FrontendOf.of(finding),
                    new Difference(state(finding, empty), finding),
                    (first, second) -> first.state() == State.DIFFERENT ? first : second);
        }
        Map<IpFamily, Map<State, Integer>> frontends = new EnumMap<>(IpFamily.class);
        for (IpFamily family : IpFamily.values()) {
            int all =
                    plan.ports(family).mapToInt(port -> port.frontends().size()).sum();
            Map<State, Integer> counts = new EnumMap<>(State.class);
            for (State state : State.values()) {
                counts.put(state, 0);
            }
            different.forEach((frontend, difference) -> {
                if (frontend.family() == family) {
                    counts.merge(difference.state(), 1, Integer::sum);
                }
            });
            counts.put(
                    State.SAME,
                    all - counts.values().stream().mapToInt(Integer::intValue).sum());
            frontends.put(family, counts);
        }
        int services = (int) plan.services().values().stream()
                .filter(service -> !service.ports().isEmpty())
                .count();
        return new KernelComparison(at, frontends, List.copyOf(different.values()), services, lines);
    }

    private static State state(Finding finding, FlowModel empty) {
        Outcome actual = finding.actual();
        boolean unhandled = actual != null
                && (actual.verdict() == Verdict.PASS
                        || actual.equals(empty.outcome(finding.probe().flow())));
        return unhandled ? State.MISSING : State.DIFFERENT;
    }

    /** Returns the number of Services with a frontend whose packets are not treated as expected. */
    public int differentServices() {
        return (int) different.stream()
                .map(difference -> difference.finding().probe().port().service())
                .distinct()
                .count();
    }

    /** Returns the number of frontends of both IP families in this state. */
    public int count(State state) {
        return frontends.values().stream()
                .mapToInt(counts -> counts.getOrDefault(state, 0))
                .sum();
    }

    /** Returns the result as one line of text for the log. */
    public String text() {
        return count(State.SAME) + " Service addresses and node ports as expected, " + count(State.MISSING)
                + " missing, " + count(State.DIFFERENT) + " different; " + (services - differentServices()) + " of "
                + services + " Services as expected; Fairlead would add " + lines.added() + " and remove "
                + lines.removed() + " lines";
    }
}
