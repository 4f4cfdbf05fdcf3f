package io.fairlead.iptables.rule;

import io.fairlead.core.plan.Origin;
import java.util.List;

/**
 * A chain of ours with its rules in order.
 *
 * @param origin the Service port it belongs to, or the node
 */
public record Chain(ChainName name, List<Rule> rules, Origin origin) {

    /** Copies the list. */
    public Chain {
        rules = List.copyOf(rules);
    }

    /** A chain whose rules iptables could not show. */
    public static Chain unread(ChainName name, Origin origin) {
        return new Chain(name, List.of(new Rule.Unread(origin)), origin);
    }

    /** Whether its rules are known. */
    public boolean isRead() {
        return rules.stream().noneMatch(Rule.Unread.class::isInstance);
    }

    /** The same without rules. */
    public Chain emptied() {
        return new Chain(name, List.of(), origin);
    }

    /** True if the kernel need not be told of the difference (IPT-26: comments that large clusters go without). */
    public boolean sameAs(Chain other) {
        if (rules.size() != other.rules.size()) {
            return false;
        }
        for (int i = 0; i < rules.size(); i++) {
            if (!same(rules.get(i), other.rules.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** True if two rules of this chain are the same but for comments that large clusters go without. */
    private boolean same(Rule mine, Rule theirs) {
        if (mine instanceof Rule.Known known && theirs instanceof Rule.Known other && commentIsOptional(known)) {
            return known.doesTheSameAs(other);
        }
        return mine.sameAs(theirs);
    }

    /** IPT-25: the rules of endpoint chains, and those that lead to one or to an endpoint itself. */
    private boolean commentIsOptional(Rule.Known rule) {
        ChainName to = rule.leadsTo();
        return name.is(ChainName.Kind.ENDPOINT)
                || (to != null && to.is(ChainName.Kind.ENDPOINT))
                || rule.target() instanceof Target.Dnat;
    }
}
