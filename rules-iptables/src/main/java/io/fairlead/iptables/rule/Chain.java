package io.fairlead.iptables.rule;

import io.fairlead.core.plan.Origin;
import java.util.List;

/**
 * A chain of ours with its rules in order.
 *
 * @param origin the Service port of the chain, or the node
 */
public record Chain(ChainName name, List<Rule> rules, Origin origin) {

    /** Copies the list. */
    public Chain {
        rules = List.copyOf(rules);
    }

    /** Returns a chain whose rules iptables could not show. */
    public static Chain unread(ChainName name, Origin origin) {
        return new Chain(name, List.of(new Rule.Unread(origin)), origin);
    }

    /** Returns whether the rules of the chain are known. */
    public boolean isRead() {
        return rules.stream().noneMatch(Rule.Unread.class::isInstance);
    }

    /** Returns the chain without rules. */
    public Chain emptied() {
        return new Chain(name, List.of(), origin);
    }

    /**
     * Returns whether the chains are equal, or differ only in comments that are left out in large clusters (IPT-26).
     * Then the kernel need not be changed.
     */
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

    /** Returns whether two rules of this chain differ at most in comments that large clusters go without. */
    private boolean same(Rule mine, Rule theirs) {
        if (mine instanceof Rule.Known known && theirs instanceof Rule.Known other && commentIsOptional(known)) {
            return known.doesTheSameAs(other);
        }
        return mine.sameAs(theirs);
    }

    /**
     * Returns whether large clusters go without this comment (IPT-25): in endpoint chains, and in rules that lead to an
     * endpoint chain or to an endpoint.
     */
    private boolean commentIsOptional(Rule.Known rule) {
        ChainName to = rule.leadsTo();
        return name.is(ChainName.Kind.ENDPOINT)
                || (to != null && to.is(ChainName.Kind.ENDPOINT))
                || rule.target() instanceof Target.Dnat;
    }
}
