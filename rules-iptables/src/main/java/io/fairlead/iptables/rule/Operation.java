package io.fairlead.iptables.rule;

import java.util.List;

/**
 * One step of a transaction on one table of one address family. Every step contains the rules that it replaces.
 * Therefore the input for iptables-restore, the report for people, the growth of the table and the rules after the step
 * can all be computed from it.
 */
public sealed interface Operation {

    /** Creates a chain with its rules. */
    record AddChain(Chain chain) implements Operation {}

    /** Removes all rules of a chain and writes the new rules. */
    record RewriteChain(Chain before, Chain after) implements Operation {}

    /** Appends rules to a chain that another program also uses. */
    record AddRules(Chain chain, List<Rule> rules) implements Operation {
        /** Copies the list. */
        public AddRules {
            rules = List.copyOf(rules);
        }
    }

    /** Empties and deletes a chain. */
    record DeleteChain(Chain chain) implements Operation {}

    /** Inserts a jump at the beginning of a built-in chain. */
    record AddJump(BuiltInChain from, Rule rule) implements Operation {}

    /** Deletes a jump from a built-in chain. If several rules have the same text, deletes the first of them. */
    record DeleteJump(BuiltInChain from, Rule rule) implements Operation {}

    /** Returns the rules that this step writes. */
    default List<Rule> written() {
        return switch (this) {
            case AddChain(Chain chain) -> chain.rules();
            case RewriteChain(Chain _, Chain after) -> after.rules();
            case AddRules(Chain _, List<Rule> rules) -> rules;
            case AddJump(BuiltInChain _, Rule rule) -> List.of(rule);
            case DeleteChain _, DeleteJump _ -> List.of();
        };
    }

    /**
     * Returns the number of rules by which the table grows; negative if it shrinks. Old rules that could not be read
     * count as 0.
     */
    default int growth() {
        return switch (this) {
            case AddChain(Chain chain) -> chain.rules().size();
            case RewriteChain(Chain before, Chain after) -> known(after) - known(before);
            case AddRules(Chain _, List<Rule> rules) -> rules.size();
            case DeleteChain(Chain chain) -> -known(chain);
            case AddJump _ -> 1;
            case DeleteJump _ -> -1;
        };
    }

    private static int known(Chain chain) {
        return chain.isRead() ? chain.rules().size() : 0;
    }

    /** Returns whether the rules that this step replaces are known. False if iptables could not show them. */
    default boolean replacesKnownRules() {
        return switch (this) {
            case RewriteChain(Chain before, Chain _) -> before.isRead();
            case DeleteChain(Chain chain) -> chain.isRead();
            case AddChain _, AddRules _, AddJump _, DeleteJump _ -> true;
        };
    }
}
