package io.fairlead.explain.walk;

import io.fairlead.explain.model.Elements;
import io.fairlead.explain.model.Expression;
import io.fairlead.explain.model.NamedElements;
import io.fairlead.explain.model.Pattern;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.explain.model.SetElement;
import io.fairlead.explain.model.Value;
import io.fairlead.explain.model.Value.Numeric;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes the expressions of one table's rules for a packet, and looks up the results in sets and maps. */
final class Evaluation {
    /**
     * The greatest number of random values that are computed one by one. If more are possible, only their range is
     * used.
     */
    private static final int MOST_NUMBERS = 1024;

    private static final Value UNKNOWN = new Value.Unknown();

    private final RuleTable table;
    private final Facts facts;

    Evaluation(RuleTable table, Facts facts) {
        this.table = table;
        this.facts = facts;
    }

    /** One possible value of an expression, and its probability. */
    record Possible(List<Value> parts, double chance) {}

    /**
     * The result of a look-up in a set or map.
     *
     * @param found the element; null if there is none
     * @param certain whether this result is certain
     */
    record Found(@Nullable SetElement found, boolean certain) {}

    /**
     * Returns every possible value of an expression, one for each random number. Returns an empty list if the packet
     * does not have a field of the expression, or if a map has no element for a key. No comparison with an empty list
     * holds.
     */
    List<Possible> values(Expression expression, State state) {
        return switch (expression) {
            case Expression.Field field -> {
                Value value = facts.value(field, state);
                yield value == null ? List.of() : List.of(new Possible(List.of(value), 1));
            }
            case Expression.Constant(Value value) -> List.of(new Possible(List.of(value), 1));
            case Expression.NotUnderstood _ -> List.of(new Possible(List.of(UNKNOWN), 1));
            case Expression.Random(int modulus, int offset) -> random(modulus, offset);
            case Expression.Joined(List<Expression> parts) -> joined(parts, state);
            case Expression.Bits(Expression left, Expression.Operation operation, Expression right) ->
                bits(values(left, state), operation, values(right, state));
            case Expression.Lookup(Expression key, Elements map) -> lookup(key, map, state);
        };
    }

    private static List<Possible> random(int modulus, int offset) {
        if (modulus > MOST_NUMBERS) {
            return List.of(new Possible(List.of(new Numeric(offset, offset + modulus - 1L)), 1));
        }
        List<Possible> numbers = new ArrayList<>();
        for (int i = 0; i < modulus; i++) {
            numbers.add(new Possible(List.of(Numeric.of(offset + i)), 1.0 / modulus));
        }
        return numbers;
    }

    private List<Possible> joined(List<Expression> parts, State state) {
        List<Possible> all = List.of(new Possible(List.of(), 1));
        for (Expression part : parts) {
            List<Possible> longer = new ArrayList<>();
            for (Possible one : all) {
                for (Possible next : values(part, state)) {
                    List<Value> values = new ArrayList<>(one.parts());
                    values.addAll(next.parts());
                    longer.add(new Possible(values, one.chance() * next.chance()));
                }
            }
            all = longer;
        }
        return all;
    }

    private static List<Possible> bits(List<Possible> lefts, Expression.Operation operation, List<Possible> rights) {
        List<Possible> results = new ArrayList<>();
        for (Possible left : lefts) {
            for (Possible right : rights) {
                Value value = left.parts().getFirst() instanceof Numeric a
                                && right.parts().getFirst() instanceof Numeric b
                                && a.known()
                                && b.known()
                        ? Numeric.of(apply(a.low(), operation, b.low()))
                        : UNKNOWN;
                results.add(new Possible(List.of(value), left.chance() * right.chance()));
            }
        }
        return results;
    }

    private static long apply(long left, Expression.Operation operation, long right) {
        return switch (operation) {
            case AND -> left & right;
            case OR -> left | right;
            case XOR -> left ^ right;
            case SHIFT_LEFT -> (left << right) & 0xffffffffL;
            case SHIFT_RIGHT -> left >>> right;
        };
    }

    private List<Possible> lookup(Expression key, Elements map, State state) {
        List<Possible> results = new ArrayList<>();
        for (Possible one : values(key, state)) {
            Found found = find(one.parts(), map);
            if (!found.certain()) {
                results.add(new Possible(List.of(UNKNOWN), one.chance()));
            } else if (found.found() != null
                    && found.found().data() instanceof SetElement.Data.Values(List<Expression> parts)) {
                for (Possible data : joined(parts, state)) {
                    results.add(new Possible(data.parts(), one.chance() * data.chance()));
                }
            }
        }
        return results;
    }

    /**
     * Finds the element of a set or map that fits a key; if there is none, the element "*", which fits all other keys.
     */
    Found find(List<Value> key, Elements elements) {
        NamedElements listed = switch (elements) {
            case Elements.Listed(NamedElements inRule) -> inRule;
            case Elements.Named(String name) -> table.sets().getOrDefault(name, new NamedElements(List.of(), false));
        };
        boolean certain = listed.complete();
        SetElement otherwise = null;
        for (SetElement element : listed.elements()) {
            if (element.key().isEmpty()) {
                otherwise = element;
                continue;
            }
            switch (fits(key, element.key())) {
                case YES -> {
                    return new Found(element, true);
                }
                case UNKNOWN -> certain = false;
                case NO -> {}
            }
        }
        return new Found(otherwise, certain);
    }

    static Truth fits(List<Value> key, List<Pattern> patterns) {
        if (key.size() != patterns.size()) {
            return Truth.UNKNOWN;
        }
        Truth truth = Truth.YES;
        for (int i = 0; i < key.size() && truth != Truth.NO; i++) {
            truth = truth.and(Comparison.fits(key.get(i), patterns.get(i)));
        }
        return truth;
    }

    /** Returns whether the elements contain a key. */
    Truth contains(List<Value> key, Elements elements) {
        Found found = find(key, elements);
        return !found.certain() ? Truth.UNKNOWN : Truth.of(found.found() != null);
    }
}
