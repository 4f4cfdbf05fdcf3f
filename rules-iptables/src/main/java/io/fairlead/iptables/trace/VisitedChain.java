package io.fairlead.iptables.trace;

import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import java.util.List;

/**
 * A chain that a packet meets.
 *
 * @param rules the rules of the chain; for a built-in chain, only the jumps to Fairlead's chains
 * @param builtIn whether this is a built-in chain
 */
record VisitedChain(Table table, String name, List<Rule> rules, boolean builtIn) {

    /** Returns the table and chain, for example "nat KUBE-SERVICES". */
    String place() {
        return table.text() + " " + name;
    }
}
