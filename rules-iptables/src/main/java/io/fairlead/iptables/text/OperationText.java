package io.fairlead.iptables.text;

import io.fairlead.core.plan.Origin;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.Operation;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a transaction as input for iptables-restore --noflush.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>A chain that is declared in the input is emptied. Only chains of this transaction's operations are declared, so
 *       other chains do not change.
 *   <li>Chains are declared in descending order of their names. iptables-nft-restore 1.8.9 keeps the chains in a sorted
 *       list, and searches the list from the beginning for each new chain. With 20,000 chains, any other order takes
 *       four times as long.
 *   <li>Chains to delete are emptied at the beginning together with the other chains. They are deleted at the end, when
 *       no rule jumps to them any more (IPT-23).
 * </ol>
 */
public final class OperationText {
    private static final Origin NODE = new Origin.Node();
    private static final Comparator<Chain> LAST_NAME_FIRST =
            Comparator.comparing(Chain::name).reversed();

    private OperationText() {}

    /**
     * Returns the lines of the input. Each line is created when it is read from the stream. Returns no lines if there
     * is no operation.
     */
    public static Stream<RestoreLine> lines(Table table, List<Operation> operations) {
        if (operations.isEmpty()) {
            return Stream.empty();
        }
        Stream<RestoreLine> declarations = operations.stream()
                .<Chain>mapMulti((operation, declared) -> {
                    Chain chain = declared(operation);
                    if (chain != null) {
                        declared.accept(chain);
                    }
                })
                .sorted(LAST_NAME_FIRST)
                .map(chain -> new RestoreLine(RuleWriter.declaration(chain.name()), chain.origin()));
        return Stream.of(
                        Stream.of(new RestoreLine("*" + table.text(), NODE)),
                        declarations,
                        operations.stream().flatMap(OperationText::rules),
                        operations.stream().flatMap(OperationText::jump),
                        operations.stream().flatMap(OperationText::deletion),
                        Stream.of(new RestoreLine("COMMIT", NODE)))
                .flatMap(Function.identity());
    }

    private static @Nullable Chain declared(Operation operation) {
        return switch (operation) {
            case Operation.AddChain(Chain chain) -> chain;
            case Operation.RewriteChain(Chain _, Chain after) -> after;
            case Operation.DeleteChain(Chain chain) -> chain;
            case Operation.AddRules _, Operation.AddJump _, Operation.DeleteJump _ -> null;
        };
    }

    private static Stream<RestoreLine> rules(Operation operation) {
        return switch (operation) {
            case Operation.AddChain(Chain chain) -> rules(chain, chain.rules());
            case Operation.RewriteChain(Chain _, Chain after) -> rules(after, after.rules());
            case Operation.AddRules(Chain chain, List<Rule> rules) -> rules(chain, rules);
            case Operation.DeleteChain _, Operation.AddJump _, Operation.DeleteJump _ -> Stream.empty();
        };
    }

    private static Stream<RestoreLine> rules(Chain chain, List<Rule> rules) {
        return (chain.isRead() ? rules : List.<Rule>of())
                .stream()
                        .map(rule ->
                                new RestoreLine("-A " + chain.name() + " " + RuleWriter.rule(rule), rule.origin()));
    }

    private static Stream<RestoreLine> jump(Operation operation) {
        return switch (operation) {
            case Operation.AddJump(var from, Rule rule) ->
                Stream.of(new RestoreLine("-I " + from + " " + RuleWriter.jump(rule), rule.origin()));
            case Operation.DeleteJump(var from, Rule rule) ->
                Stream.of(new RestoreLine("-D " + from + " " + RuleWriter.jump(rule), rule.origin()));
            case Operation.AddChain _, Operation.RewriteChain _, Operation.AddRules _, Operation.DeleteChain _ ->
                Stream.empty();
        };
    }

    private static Stream<RestoreLine> deletion(Operation operation) {
        return operation instanceof Operation.DeleteChain(Chain chain)
                ? Stream.of(new RestoreLine("-X " + chain.name(), chain.origin()))
                : Stream.empty();
    }
}
