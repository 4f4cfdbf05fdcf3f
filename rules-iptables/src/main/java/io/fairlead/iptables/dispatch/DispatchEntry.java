package io.fairlead.iptables.dispatch;

import io.fairlead.core.plan.Frontend;
import io.fairlead.iptables.rule.Rule;
import java.util.Comparator;

/**
 * A rule for one frontend or health check node port, in a chain that all Services share.
 *
 * @param path the text by which the dispatch tree finds the rule, see {@link Paths}
 * @param place the position of the rule among the rules of its Service port in this chain, from 0
 */
public record DispatchEntry(String path, int place, Rule rule) {
    /**
     * Orders by Service port, then by {@code place}. kube-proxy's rules have the same order if they are sorted
     * (IPT-28).
     */
    static final Comparator<DispatchEntry> LINEAR_ORDER = Comparator.comparing(
                    (DispatchEntry listed) -> listed.rule().origin())
            .thenComparingInt(DispatchEntry::place);

    /** Returns the entry for packets to a frontend. */
    public static DispatchEntry of(Frontend.Key key, int place, Rule rule) {
        return new DispatchEntry(Paths.of(key), place, rule);
    }
}
