package io.fairlead.nft.render;

import io.fairlead.core.plan.LocalDetector;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.nft.rule.Expression.Field;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.Statement;
import java.util.List;
import java.util.Optional;

/**
 * Renders the rules that mark packets for masquerading, and the match that recognizes packets from local pods (MQ-1 to
 * MQ-15).
 */
record Masquerade(NodePlan node) {

    Statement mark() {
        return new Statement.SetMark(node.mark());
    }

    /**
     * Returns the rules that mark traffic to ClusterIPs (MQ-3). They mark either all traffic, or only traffic that does
     * not come from a local pod. Returns an empty list if only the latter is wanted, and packets from local pods cannot
     * be recognized.
     */
    List<Rule> ofClusterIps() {
        if (node.masqueradeAll()) {
            return List.of(Rule.of(mark()).withComment("masqueradeAll"));
        }
        return fromPods(true).map(match -> Rule.of(match, mark()).withComment("not from a pod of this node")).stream()
                .toList();
    }

    /**
     * Returns the match for packets from local pods; empty if such packets cannot be recognized (MQ-9).
     *
     * @param negated whether to match all other packets instead
     */
    Optional<Statement> fromPods(boolean negated) {
        return switch (node.detector()) {
            case LocalDetector.None _ -> Optional.empty();
            case LocalDetector.SourceCidr(var cidr) ->
                Optional.of(new Statement.AddressIn(Field.SOURCE_ADDRESS, negated, List.of(cidr)));
            case LocalDetector.Interface(var name) -> Optional.of(new Statement.InputInterface(negated, name, false));
            case LocalDetector.InterfacePrefix(var prefix) ->
                Optional.of(new Statement.InputInterface(negated, prefix, true));
        };
    }
}
