package io.fairlead.explain.read.iptables;

import io.fairlead.explain.model.Elements;
import io.fairlead.explain.model.Expression;
import io.fairlead.explain.model.NamedElements;
import io.fairlead.explain.model.Pattern;
import io.fairlead.explain.model.SetElement;
import io.fairlead.explain.model.Statement;
import io.fairlead.explain.model.Value;
import java.util.List;

/** Creates statements that compare a field with patterns. */
final class Matches {
    private Matches() {}

    static Statement.If in(Expression field, List<Pattern> patterns, boolean negated, String text) {
        return new Statement.If(
                field,
                negated ? Statement.Operator.NOT_IN : Statement.Operator.IN,
                new Elements.Listed(new NamedElements(
                        patterns.stream()
                                .map(pattern -> new SetElement(List.of(pattern), null))
                                .toList(),
                        true)),
                text);
    }

    static Statement.If bits(Expression field, long bits, boolean negated, String text) {
        return new Statement.If(
                field,
                negated ? Statement.Operator.NO_BIT : Statement.Operator.ANY_BIT,
                new Elements.Listed(new NamedElements(
                        List.of(new SetElement(List.of(new Pattern.One(Value.Numeric.of(bits))), null)), true)),
                text);
    }

    static Expression constant(long number) {
        return new Expression.Constant(Value.Numeric.of(number));
    }
}
