package io.fairlead.iptables.dispatch;

import io.fairlead.core.plan.Frontend;
import io.fairlead.iptables.rule.Rule;
import java.util.Comparator;

/**
 * A rule of a chain that lists frontends.
 *
 * @param path the key by which packets find the rule, see {@link Paths}
 * @param place the position of the rule, from 0, among the rules of its Service port in this chain
 */
public record DispatchEntry(String path, int place, Rule rule) {
    /** Sorts by Service port, the order of kube-proxy's rules if they were sorted (IPT-28). */
    static final Comparator<DispatchEntry> LINEAR_ORDER = Comparator.comparing(
                    (DispatchEntry listed) -> listed.rule().origin())
            .thenComparingInt(DispatchEntry::place);

    /** Returns the entry for packets to a frontend or to a node port. */
    public static DispatchEntry of(Frontend.Key key, int place, Rule rule) {
        return new DispatchEntry(Paths.of(key), place, rule);
    }
}
