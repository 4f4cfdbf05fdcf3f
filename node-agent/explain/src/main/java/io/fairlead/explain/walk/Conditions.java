package io.fairlead.explain.walk;

import io.fairlead.explain.model.Elements;
import io.fairlead.explain.model.NamedElements;
import io.fairlead.explain.model.Pattern;
import io.fairlead.explain.model.SetElement;
import io.fairlead.explain.model.Statement;
import io.fairlead.explain.model.Statement.If;
import io.fairlead.explain.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides whether a packet meets the conditions of a rule. */
final class Conditions {
    private final Evaluation evaluation;

    Conditions(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    /**
     * How probable it is that a packet meets a condition.
     *
     * @param yes the probability that the condition holds
     * @param unknown the probability of the cases in which it is not known whether the condition holds
     * @param what a description of what is not known; "" if everything is known
     */
    record Answer(double yes, double unknown, String what) {
        static final Answer YES = new Answer(1, 0, "");
        static final Answer NO = new Answer(0, 0, "");
    }

    /**
     * One possible result of a look-up in a map of verdicts.
     *
     * @param statement the verdict; null if the map has no element for the packet
     * @param chance the probability of this result
     * @param unknown whether this result is uncertain, because another element may apply
     */
    record Verdicts(@Nullable Statement statement, double chance, boolean unknown) {}

    static boolean isCondition(Statement statement) {
        return statement instanceof If
                || statement instanceof Statement.IfAny
                || statement instanceof Statement.Chance
                || statement instanceof Statement.Never
                || statement instanceof Statement.UnknownMatch;
    }

    Answer of(Statement statement, State state) {
        return switch (statement) {
            case If one -> compared(one, state);
            case Statement.IfAny(List<If> alternatives, boolean negated, String text) ->
                any(alternatives, negated, text, state);
            case Statement.Chance(double share, String _) -> new Answer(share, 0, "");
            case Statement.Never _ -> Answer.NO;
            case Statement.UnknownMatch(String text) -> new Answer(0, 1, text);
            default -> throw new IllegalArgumentException("not a condition: " + statement);
        };
    }

    private Answer any(List<If> alternatives, boolean negated, String text, State state) {
        Truth truth = Truth.NO;
        for (If alternative : alternatives) {
            Answer answer = compared(alternative, state);
            truth = truth.or(answer.yes() >= 1 ? Truth.YES : answer.unknown() > 0 ? Truth.UNKNOWN : Truth.NO);
        }
        return switch (negated ? truth.not() : truth) {
            case YES -> Answer.YES;
            case NO -> Answer.NO;
            case UNKNOWN -> new Answer(0, 1, text);
        };
    }

    private Answer compared(If condition, State state) {
        double yes = 0;
        double unknown = 0;
        for (Evaluation.Possible value : evaluation.values(condition.left(), state)) {
            switch (holds(condition, value.parts())) {
                case YES -> yes += value.chance();
                case UNKNOWN -> unknown += value.chance();
                case NO -> {}
            }
        }
        // The probability may be a sum of fractions, with rounding errors.
        return new Answer(yes > 1 - 1e-9 ? 1 : yes, unknown, unknown > 0 ? condition.text() : "");
    }

    private Truth holds(If condition, List<Value> value) {
        return switch (condition.operator()) {
            case IN -> evaluation.contains(value, condition.right());
            case NOT_IN -> evaluation.contains(value, condition.right()).not();
            case ANY_BIT -> Comparison.anyBit(value.getFirst(), bits(condition.right()));
            case NO_BIT ->
                Comparison.anyBit(value.getFirst(), bits(condition.right())).not();
            case LESS -> less(value, condition.right(), false);
            case LESS_OR_EQUAL -> less(value, condition.right(), true);
            case GREATER -> less(value, condition.right(), true).not();
            case GREATER_OR_EQUAL -> less(value, condition.right(), false).not();
        };
    }

    private static Truth less(List<Value> value, Elements right, boolean orEqual) {
        Value bound = constant(right);
        return bound == null ? Truth.UNKNOWN : Comparison.less(value.getFirst(), bound, orEqual);
    }

    private static long bits(Elements right) {
        return constant(right) instanceof Value.Numeric(long low, long _) ? low : 0;
    }

    private static @Nullable Value constant(Elements right) {
        return right instanceof Elements.Listed(NamedElements listed)
                        && listed.elements().size() == 1
                        && listed.elements().getFirst().key().size() == 1
                        && listed.elements().getFirst().key().getFirst() instanceof Pattern.One(Value value)
                ? value
                : null;
    }

    /** Returns the possible verdicts of a map for a packet. There are several if the key contains a random number. */
    List<Verdicts> verdicts(Statement.LookUp lookUp, State state) {
        List<Verdicts> verdicts = new ArrayList<>();
        double rest = 1;
        for (Evaluation.Possible key : evaluation.values(lookUp.key(), state)) {
            Evaluation.Found found = evaluation.find(key.parts(), lookUp.map());
            SetElement element = found.found();
            Statement statement =
                    element != null && element.data() instanceof SetElement.Data.Verdict(Statement verdict)
                            ? verdict
                            : null;
            verdicts.add(new Verdicts(statement, key.chance(), !found.certain()));
            rest -= key.chance();
        }
        if (rest > 1e-9) {
            verdicts.add(new Verdicts(null, rest, false));
        }
        return verdicts;
    }
}
