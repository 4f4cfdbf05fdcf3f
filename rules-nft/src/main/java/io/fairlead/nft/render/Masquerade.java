package io.fairlead.nft.render;

import io.fairlead.core.plan.LocalDetector;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.nft.rule.Expression.Field;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.Statement;
import java.util.List;
import java.util.Optional;

/** Which packets are marked, and how pods of this node are told (MQ-1 to MQ-15). */
record Masquerade(NodePlan node) {

    Statement mark() {
        return new Statement.SetMark(node.mark());
    }

    /** MQ-3: ClusterIP traffic that is not a local pod's, or all of it. */
    List<Rule> ofClusterIps() {
        if (node.masqueradeAll()) {
            return List.of(Rule.of(mark()).withComment("masqueradeAll"));
        }
        return fromPods(true).map(match -> Rule.of(match, mark()).withComment("not from a pod of this node")).stream()
                .toList();
    }

    /** Matches packets of this node's pods, or of anybody else; empty if they cannot be told (MQ-9). */
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
