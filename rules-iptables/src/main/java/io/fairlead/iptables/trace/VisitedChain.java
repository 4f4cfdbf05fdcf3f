package io.fairlead.iptables.trace;

import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import java.util.List;

/**
 * A chain that a packet meets.
 *
 * @param rules the rules of the chain; for a chain of the kernel, only the jumps to our chains
 * @param builtIn whether it is a chain of the kernel
 */
record VisitedChain(Table table, String name, List<Rule> rules, boolean builtIn) {

    /** Returns "nat KUBE-SERVICES". */
    String place() {
        return table.text() + " " + name;
    }
}
