package io.fairlead.iptables.trace;

import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import java.util.List;

/**
 * A chain that a packet meets.
 *
 * @param rules of a chain of the kernel's own, only the jumps to chains of ours
 * @param builtIn whether it is one of the kernel's own
 */
record VisitedChain(Table table, String name, List<Rule> rules, boolean builtIn) {

    /** "nat KUBE-SERVICES". */
    String place() {
        return table.text() + " " + name;
    }
}
