package io.fairlead.iptables.dispatch;

import io.fairlead.core.plan.Frontend;
import io.fairlead.iptables.rule.Rule;
import java.util.Comparator;

/**
 * A rule of a chain that lists frontends.
 *
 * @param path what packets find it by, see {@link Paths}
 * @param place where it stands among the rules that its Service port has in this chain, from 0
 */
public record DispatchEntry(String path, int place, Rule rule) {
    /** As kube-proxy's rules would stand if it sorted them: by Service port (IPT-28). */
    static final Comparator<DispatchEntry> LINEAR_ORDER = Comparator.comparing(
                    (DispatchEntry listed) -> listed.rule().origin())
            .thenComparingInt(DispatchEntry::place);

    /** The rule for packets to a frontend, or to a node port. */
    public static DispatchEntry of(Frontend.Key key, int place, Rule rule) {
        return new DispatchEntry(Paths.of(key), place, rule);
    }
}
