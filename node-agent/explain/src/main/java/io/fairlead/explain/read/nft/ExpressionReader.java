package io.fairlead.explain.read.nft;

import io.fairlead.core.net.Ip;
import io.fairlead.explain.model.Elements;
import io.fairlead.explain.model.Expression;
import io.fairlead.explain.model.Expression.Field;
import io.fairlead.explain.model.Expression.Operation;
import io.fairlead.explain.model.Statement;
import io.fairlead.explain.model.Value;
import io.fairlead.explain.read.Constants;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads the expressions of a rule: fields, constants, operations on bits, concatenations and look-ups in maps. */
final class ExpressionReader {
    private final Tokens tokens;
    private final FieldReader fields;

    ExpressionReader(Tokens tokens, List<Statement> conditions) {
        this.tokens = tokens;
        this.fields = new FieldReader(tokens, conditions);
    }

    /** Reads an expression, which may be a concatenation, and the map in which it is looked up, if there is one. */
    Expression read() {
        return read(ValueType.OTHER);
    }

    /** Reads an expression like {@link #read()}; its constants have the given type. */
    Expression read(ValueType type) {
        List<Expression> parts = new ArrayList<>();
        parts.add(bits(type));
        while (tokens.takeIf(".")) {
            parts.add(bits(type));
        }
        Expression key = parts.size() == 1 ? parts.getFirst() : new Expression.Joined(parts);
        return tokens.takeIf("map") ? new Expression.Lookup(key, elements(key)) : key;
    }

    /**
     * Reads a list of elements in braces, or the name of a set. The parts of {@code key} decide the types of the
     * elements.
     */
    Elements elements(Expression key) {
        Token token = tokens.peek();
        if (token.kind() == Token.Kind.WORD && token.text().startsWith("@")) {
            tokens.take();
            return new Elements.Named(token.text().substring(1));
        }
        return new Elements.Listed(new ElementsReader(tokens).listed(types(key)));
    }

    /** Returns the type of each part of a key. */
    static List<ValueType> types(Expression key) {
        return key instanceof Expression.Joined(List<Expression> parts)
                ? parts.stream().map(ExpressionReader::type).toList()
                : List.of(type(key));
    }

    static ValueType type(Expression expression) {
        return switch (expression) {
            case Field field -> ValueType.of(field);
            case Expression.Bits bits -> type(bits.left());
            case Expression.Random _ -> ValueType.NUMBER;
            case Expression.Constant _, Expression.Joined _, Expression.Lookup _, Expression.NotUnderstood _ ->
                ValueType.OTHER;
        };
    }

    private Expression bits(ValueType type) {
        Expression left = primary(type);
        for (Operation operation = operation(); operation != null; operation = operation()) {
            ValueType ofLeft = type(left);
            left = new Expression.Bits(left, operation, primary(ofLeft == ValueType.OTHER ? type : ofLeft));
        }
        return left;
    }

    private @Nullable Operation operation() {
        Token token = tokens.peek();
        Operation operation = token.kind() != Token.Kind.SYMBOL && token.kind() != Token.Kind.WORD
                ? null
                : switch (token.text()) {
                    case "&", "and" -> Operation.AND;
                    case "|", "or" -> Operation.OR;
                    case "^", "xor" -> Operation.XOR;
                    case "<<", "lshift" -> Operation.SHIFT_LEFT;
                    case ">>", "rshift" -> Operation.SHIFT_RIGHT;
                    default -> null;
                };
        if (operation != null) {
            tokens.take();
        }
        return operation;
    }

    private Expression primary(ValueType type) {
        if (tokens.takeIfSymbol("(")) {
            Expression inner = read(type);
            tokens.expect(")");
            return inner;
        }
        Expression field = fields.read();
        return field == null ? constant(tokens.take(), type) : field;
    }

    /** Reads one token as a constant. */
    static Expression constant(Token token, ValueType type) {
        String text = token.text();
        if (token.kind() == Token.Kind.QUOTED) {
            return new Expression.Constant(new Value.Name(text));
        }
        if (token.kind() != Token.Kind.WORD) {
            throw new NotUnderstoodException();
        }
        OptionalLong number = Values.bits(text, type);
        if (number.isEmpty()) {
            number = Constants.number(text);
        }
        if (number.isPresent()) {
            return new Expression.Constant(Value.Numeric.of(number.getAsLong()));
        }
        try {
            return new Expression.Constant(new Value.Address(Ip.parse(text)));
        } catch (IllegalArgumentException _) {
            return new Expression.NotUnderstood(text);
        }
    }
}
