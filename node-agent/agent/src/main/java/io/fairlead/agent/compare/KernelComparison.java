package io.fairlead.agent.compare;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.rules.Edit;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.iptables.IptablesRuleset;
import io.fairlead.nft.NftRuleset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the kernel and writes nothing.
 *
 * <p>Rules of kube-proxy are compared by what they do: for each frontend the set of endpoints that some packet may be sent to,
 * and how packets are refused. In iptables mode Fairlead's rules are read the same way. Fairlead's own nftables layout is
 * compared line by line: there equal rules are equal lines.
 */
public final class KernelComparison<R extends Ruleset, C extends Change> {
    private final Backend<R, C> backend;

    /** Looks through this; {@link Backend#apply} is never called. */
    public KernelComparison(Backend<R, C> backend) {
        this.backend = backend;
    }

    /**
     * One look.
     *
     * @throws io.fairlead.core.rules.ApplyFailedException if the tool fails
     * @throws io.fairlead.core.trace.UnknownRuleException if there is something that cannot be read
     */
    public Comparison compare(Plan plan, Instant now) {
        R current = backend.read();
        ChangeReport report = backend.diff(current, backend.render(plan)).report();
        SortedMap<FrontendId, PlannedFrontends.Planned> planned = PlannedFrontends.of(plan);
        return switch (current) {
            case IptablesRuleset rules -> byFrontend(now, "iptables", planned, IptablesFrontends.of(rules), report);
            case NftRuleset rules
            when NftFrontends.areKubeProxys(rules) ->
                byFrontend(now, "kube-proxy's nftables", planned, NftFrontends.of(rules), report);
            case NftRuleset rules
            when rules.tables().isEmpty() -> byFrontend(now, "no", planned, new TreeMap<>(), report);
            default -> byLine(now, planned, report);
        };
    }

    private static Comparison byFrontend(
            Instant now,
            String whose,
            SortedMap<FrontendId, PlannedFrontends.Planned> planned,
            SortedMap<FrontendId, Reached> found,
            ChangeReport report) {
        Map<IpFamily, Integer> same = new EnumMap<>(IpFamily.class);
        List<Comparison.Difference> differences = new ArrayList<>();
        SortedSet<FrontendId> all = new TreeSet<>(planned.keySet());
        all.addAll(found.keySet());
        for (FrontendId id : all) {
            PlannedFrontends.Planned wanted = planned.get(id);
            Reached there = found.get(id);
            if (wanted == null && there != null) {
                differences.add(new Comparison.Difference(
                        Comparison.Kind.EXTRA, id.family(), "", id.text() + ": leads to " + there.text()));
            } else if (wanted != null && there == null) {
                differences.add(difference(Comparison.Kind.MISSING, id, wanted, "no rule"));
            } else if (wanted != null && !wanted.reached().equals(there)) {
                differences.add(difference(Comparison.Kind.DIFFERENT, id, wanted, String.valueOf(text(there))));
            } else {
                same.merge(id.family(), 1, Integer::sum);
            }
        }
        return new Comparison(now, whose, same, differences, services(planned), lines(report));
    }

    private static String text(@Nullable Reached there) {
        return there == null ? "" : there.text();
    }

    private static Comparison.Difference difference(
            Comparison.Kind kind, FrontendId id, PlannedFrontends.Planned wanted, String there) {
        return new Comparison.Difference(
                kind,
                id.family(),
                wanted.service().text(),
                id.text() + ": should lead to " + wanted.reached().text() + ", is " + there);
    }

    /** Under Fairlead's own layout a Service differs if any of its lines does. */
    private static Comparison byLine(
            Instant now, SortedMap<FrontendId, PlannedFrontends.Planned> planned, ChangeReport report) {
        SortedSet<ServiceName> differing = new TreeSet<>();
        report.edits().forEach(edit -> {
            if (edit.origin() instanceof Origin.Port(var port)) {
                differing.add(port.service());
            }
        });
        Map<IpFamily, Integer> same = new EnumMap<>(IpFamily.class);
        List<Comparison.Difference> differences = new ArrayList<>();
        planned.forEach((id, one) -> {
            if (differing.contains(one.service())) {
                differences.add(new Comparison.Difference(
                        Comparison.Kind.DIFFERENT,
                        id.family(),
                        one.service().text(),
                        id.text() + ": lines of this Service differ"));
            } else {
                same.merge(id.family(), 1, Integer::sum);
            }
        });
        return new Comparison(now, "Fairlead's", same, differences, services(planned), lines(report));
    }

    private static int services(SortedMap<FrontendId, PlannedFrontends.Planned> planned) {
        return (int) planned.values().stream()
                .map(PlannedFrontends.Planned::service)
                .distinct()
                .count();
    }

    private static SortedMap<Comparison.Lines, Integer> lines(ChangeReport report) {
        SortedMap<Comparison.Lines, Integer> lines = new TreeMap<>();
        for (Edit edit : report.edits()) {
            lines.merge(kind(edit), 1, Integer::sum);
        }
        return lines;
    }

    /** "IPv4 nat KUBE-SERVICES" is of table nat; "ip kube-proxy map service-ips" is a map. */
    private static Comparison.Lines kind(Edit edit) {
        String[] words = edit.place().split(" ", 4);
        boolean nftables = words.length > 1 && words[1].equals("kube-proxy");
        String place = nftables ? (words.length > 2 ? words[2] : "table") : words.length > 1 ? words[1] : "other";
        IpFamily family =
                words[0].equals("ip6") || words[0].equals(IpFamily.IPV6.text()) ? IpFamily.IPV6 : IpFamily.IPV4;
        return new Comparison.Lines(family, place, edit.sign() == Edit.Sign.ADD);
    }
}
