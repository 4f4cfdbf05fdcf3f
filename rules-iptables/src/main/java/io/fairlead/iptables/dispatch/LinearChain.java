package io.fairlead.iptables.dispatch;

import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Reads a chain that lists frontends, in any layout and written by any program. */
public final class LinearChain {
    private final Function<ChainName, List<Rule>> chains;
    private final Set<ChainName> under = new HashSet<>();
    private final List<Rule> row = new ArrayList<>();

    private LinearChain(Function<ChainName, List<Rule>> chains) {
        this.chains = chains;
    }

    /**
     * Returns the rules of a trunk as if its layout were linear, in the order in which a packet meets them: the rules
     * of branches replace the jumps to them.
     *
     * @param chains returns the rules of a chain of the same table; empty if the chain does not exist
     */
    public static List<Rule> of(ChainName trunk, Function<ChainName, List<Rule>> chains) {
        LinearChain rows = new LinearChain(chains);
        rows.follow(trunk);
        return rows.row;
    }

    private void follow(ChainName name) {
        if (!under.add(name)) {
            return;
        }
        for (Rule rule : chains.apply(name)) {
            ChainName to = rule.leadsTo();
            if (to != null && to.isBranch()) {
                follow(to);
            } else {
                row.add(rule);
            }
        }
        under.remove(name);
    }
}
