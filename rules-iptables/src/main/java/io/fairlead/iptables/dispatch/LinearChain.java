package io.fairlead.iptables.dispatch;

import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Reads the rules of a chain that lists frontends. The chain may have any layout and may be written by any program. */
public final class LinearChain {
    private final Function<ChainName, List<Rule>> chains;
    private final Set<ChainName> under = new HashSet<>();
    private final List<Rule> row = new ArrayList<>();

    private LinearChain(Function<ChainName, List<Rule>> chains) {
        this.chains = chains;
    }

    /**
     * Returns the rules of a dispatch tree as if its layout were linear, in the order in which a packet meets them.
     * Each jump to a branch is replaced by the rules of the branch.
     *
     * @param trunk the name of the chain at the root of the tree
     * @param chains returns the rules of a chain in the same table; an empty list if the chain does not exist
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
