package io.fairlead.iptables.rule;

import java.util.List;

/**
 * One step of a transaction on one table of one family. Every step names what it replaces, so that the text for
 * iptables-restore, the report for people, the table's size and the rules after the step all come from the same value.
 */
public sealed interface Operation {

    /** Creates a chain with its rules. */
    record AddChain(Chain chain) implements Operation {}

    /** Empties a chain and writes it again. */
    record RewriteChain(Chain before, Chain after) implements Operation {}

    /** Adds rules at the end of a chain that another program uses too. */
    record AddRules(Chain chain, List<Rule> rules) implements Operation {
        /** Copies the list. */
        public AddRules {
            rules = List.copyOf(rules);
        }
    }

    /** Empties and deletes a chain. */
    record DeleteChain(Chain chain) implements Operation {}

    /** Inserts a jump at the beginning of one of the kernel's chains. */
    record AddJump(BuiltInChain from, Rule rule) implements Operation {}

    /** Deletes a jump from one of the kernel's chains: the first one with the same text. */
    record DeleteJump(BuiltInChain from, Rule rule) implements Operation {}

    /** Returns the rules that the kernel must write. */
    default List<Rule> written() {
        return switch (this) {
            case AddChain(Chain chain) -> chain.rules();
            case RewriteChain(Chain _, Chain after) -> after.rules();
            case AddRules(Chain _, List<Rule> rules) -> rules;
            case AddJump(BuiltInChain _, Rule rule) -> List.of(rule);
            case DeleteChain _, DeleteJump _ -> List.of();
        };
    }

    /** Returns the growth of the table in rules. */
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

    /** Returns false if the replaced rules could not be read. */
    default boolean replacesKnownRules() {
        return switch (this) {
            case RewriteChain(Chain before, Chain _) -> before.isRead();
            case DeleteChain(Chain chain) -> chain.isRead();
            case AddChain _, AddRules _, AddJump _, DeleteJump _ -> true;
        };
    }
}
