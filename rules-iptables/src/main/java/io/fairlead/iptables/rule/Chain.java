package io.fairlead.iptables.rule;

import io.fairlead.core.plan.Origin;
import java.util.List;

/**
 * One of Fairlead's chains, with its rules in order.
 *
 * @param origin the Service port to which the chain belongs; the node if all Services share the chain; unknown if the
 *     chain was read and its Service port was not found
 */
public record Chain(ChainName name, List<Rule> rules, Origin origin) {

    /** Copies the list. */
    public Chain {
        rules = List.copyOf(rules);
    }

    /** Returns a chain whose rules are unknown because iptables could not show them. */
    public static Chain unread(ChainName name, Origin origin) {
        return new Chain(name, List.of(new Rule.Unread(origin)), origin);
    }

    /** Returns whether the rules of the chain are known. */
    public boolean isRead() {
        return rules.stream().noneMatch(Rule.Unread.class::isInstance);
    }

    /** Returns this chain without rules. */
    public Chain emptied() {
        return new Chain(name, List.of(), origin);
    }

    /**
     * Returns whether the chains have equal rules, or rules that differ only in comments that are left out in large
     * clusters (IPT-26). If so, the kernel need not be changed. Does not compare names and origins.
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

    /**
     * Returns whether two rules of this chain are equal, or differ only in a comment that is left out in large
     * clusters.
     */
    private boolean same(Rule mine, Rule theirs) {
        if (mine instanceof Rule.Known known && theirs instanceof Rule.Known other && commentIsOptional(known)) {
            return known.doesTheSameAs(other);
        }
        return mine.sameAs(theirs);
    }

    /**
     * Returns whether the comment of this rule is left out in large clusters (IPT-25). This is so in endpoint chains,
     * and in rules that lead to an endpoint chain or to an endpoint.
     */
    private boolean commentIsOptional(Rule.Known rule) {
        ChainName to = rule.leadsTo();
        return name.is(ChainName.Kind.ENDPOINT)
                || (to != null && to.is(ChainName.Kind.ENDPOINT))
                || rule.target() instanceof Target.Dnat;
    }
}
