package io.fairlead.iptables.diff;

import io.fairlead.core.plan.Origin;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Operation;
import io.fairlead.iptables.rule.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Computes the part of a change that belongs to some chosen origins. The rules of all other origins do not change. A
 * chain that all Services share gets the new rules of the chosen origins, and keeps the old rules of the other origins.
 * In a dispatch tree, all old and new branches and the jumps to them are kept. The reason: when a branch is divided,
 * rules of several origins move, and each rule must be reachable at its old or its new place.
 */
final class PartialChange {
    private static final Origin NODE = new Origin.Node();

    private final Set<Origin> chosen;
    private final boolean nodeChosen;

    private PartialChange(Set<Origin> chosen) {
        this.chosen = chosen;
        this.nodeChosen = chosen.contains(NODE);
    }

    static TableChange of(TableChange change, Set<Origin> chosen) {
        PartialChange partial = new PartialChange(chosen);
        List<Operation> operations = change.operations().stream()
                .flatMap(operation -> partial.part(operation).stream())
                .toList();
        return new TableChange(change.family(), change.before(), operations);
    }

    private Optional<Operation> part(Operation operation) {
        return switch (operation) {
            case Operation.AddChain(Chain chain) ->
                chain.name().isBranch() || chosen.contains(chain.origin())
                        ? Optional.of(new Operation.AddChain(chainWith(chain, mixed(List.of(), chain.rules()))))
                        : Optional.empty();
            case Operation.RewriteChain(Chain before, Chain after) ->
                rewritten(before, chainWith(after, mixed(before.rules(), after.rules())));
            case Operation.DeleteChain(Chain chain) -> {
                if (chain.name().isBranch()) {
                    yield rewritten(chain, chainWith(chain, mixed(chain.rules(), List.of())));
                }
                yield chosen.contains(chain.origin()) ? Optional.of(operation) : Optional.empty();
            }
            case Operation.AddRules _, Operation.AddJump _, Operation.DeleteJump _ ->
                nodeChosen ? Optional.of(operation) : Optional.empty();
        };
    }

    private static Chain chainWith(Chain chain, List<Rule> rules) {
        return new Chain(chain.name(), rules, chain.origin());
    }

    private static Optional<Operation> rewritten(Chain before, Chain after) {
        return after.sameAs(before) ? Optional.empty() : Optional.of(new Operation.RewriteChain(before, after));
    }

    /**
     * Returns the rules of a chain in this order: the old rules of the origins that are not chosen, the new rules of
     * the chosen origins, the jumps to branches, and the rules that belong to the node itself. The rules of the node
     * are last, as they are when the chain is rendered from a whole plan.
     */
    private List<Rule> mixed(List<Rule> old, List<Rule> now) {
        List<Rule> rules = new ArrayList<>();
        old.stream()
                .filter(rule -> !rule.origin().equals(NODE) && !chosen.contains(rule.origin()))
                .forEach(rules::add);
        now.stream()
                .filter(rule -> !rule.origin().equals(NODE) && chosen.contains(rule.origin()))
                .forEach(rules::add);
        Stream.concat(old.stream(), now.stream())
                .filter(PartialChange::leadsToBranch)
                .filter(rule -> rules.stream().noneMatch(rule::sameAs))
                .forEach(rules::add);
        (nodeChosen ? now : old)
                .stream()
                        .filter(rule -> rule.origin().equals(NODE) && !leadsToBranch(rule))
                        .forEach(rules::add);
        return rules;
    }

    private static boolean leadsToBranch(Rule rule) {
        ChainName to = rule.leadsTo();
        return to != null && to.isBranch();
    }
}
