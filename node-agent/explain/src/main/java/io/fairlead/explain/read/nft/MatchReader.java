package io.fairlead.explain.read.nft;

import io.fairlead.core.net.Ip;
import io.fairlead.explain.model.Elements;
import io.fairlead.explain.model.Expression;
import io.fairlead.explain.model.Expression.Field;
import io.fairlead.explain.model.NamedElements;
import io.fairlead.explain.model.Pattern;
import io.fairlead.explain.model.SetElement;
import io.fairlead.explain.model.Statement;
import io.fairlead.explain.model.Statement.Operator;
import io.fairlead.explain.model.Value;
import io.fairlead.explain.read.Constants;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads matches, and two kinds of statements that begin like matches: assignments, and look-ups in maps of verdicts.
 */
final class MatchReader {
    private final Tokens tokens;
    private final ExpressionReader expressions;

    MatchReader(Tokens tokens, ExpressionReader expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    Statement read() {
        int start = tokens.position();
        Statement random = random();
        if (random != null) {
            return random;
        }
        Expression left = expressions.read();
        if (left instanceof Expression.Constant || left instanceof Expression.Lookup) {
            throw new NotUnderstoodException();
        }
        if (tokens.takeIf("vmap")) {
            return new Statement.LookUp(left, expressions.elements(left));
        }
        if (tokens.takeIf("set")) {
            return assignment(left, start);
        }
        return comparison(left, start);
    }

    /**
     * Reads the random match of iptables, which nft 1.0.6 shows as "meta random & 2147483647 < 1073741824". Returns
     * null if the next tokens do not begin such a match.
     */
    private @Nullable Statement random() {
        int start = tokens.position();
        if (!tokens.peek().is("meta") || !tokens.peek(1).is("random")) {
            return null;
        }
        tokens.take();
        tokens.take();
        long most = 0xffffffffL;
        if (tokens.takeIfSymbol("&")) {
            most = number(tokens.word());
        }
        boolean less = tokens.takeIfSymbol("<");
        boolean atLeast = !less && tokens.takeIfSymbol(">=");
        if ((!less && !atLeast) || most <= 0) {
            throw new NotUnderstoodException();
        }
        double share = number(tokens.word()) / (most + 1.0);
        return new Statement.Chance(less ? share : 1 - share, tokens.text(start));
    }

    private static long number(String word) {
        return Constants.number(word).orElseThrow(NotUnderstoodException::new);
    }

    private Statement assignment(Expression left, int start) {
        Expression value = expressions.read(ExpressionReader.type(left));
        if (left instanceof Field field) {
            return switch (field.kind()) {
                case MARK -> new Statement.SetMark(value);
                case CONNECTION_MARK -> new Statement.SetConnectionMark(value);
                case SOURCE, DESTINATION, SOURCE_PORT, DESTINATION_PORT ->
                    new Statement.UnknownAction(tokens.text(start));
                case PROTOCOL,
                        FAMILY,
                        INPUT_INTERFACE,
                        OUTPUT_INTERFACE,
                        CONNECTION_STATE,
                        CONNECTION_STATUS,
                        CONNECTION_DIRECTION,
                        ORIGINAL_SOURCE,
                        ORIGINAL_DESTINATION,
                        ORIGINAL_DESTINATION_PORT,
                        SOURCE_TYPE,
                        DESTINATION_TYPE,
                        TCP_FLAGS,
                        PACKET_TYPE,
                        SOURCE_ROUTE_EXISTS -> new Statement.Nothing(tokens.text(start));
            };
        }
        return new Statement.Nothing(tokens.text(start));
    }

    private Statement comparison(Expression left, int start) {
        String operator = operator();
        Token next = tokens.peek();
        if (next.isSymbol("{") || next.text().startsWith("@")) {
            Elements elements = expressions.elements(left);
            return new Statement.If(left, inOrNot(operator), elements, tokens.text(start));
        }
        List<ValueType> types = ExpressionReader.types(left);
        if (types.size() == 1 && (types.getFirst().isBits() || isBits(left))) {
            return flags(left, operator, types.getFirst(), start);
        }
        List<Pattern> key = new ArrayList<>();
        do {
            Token token = tokens.take();
            if (token.kind() != Token.Kind.WORD && token.kind() != Token.Kind.QUOTED) {
                throw new NotUnderstoodException();
            }
            ValueType type = key.size() < types.size() ? types.get(key.size()) : ValueType.OTHER;
            key.add(pattern(left, token, type));
        } while (tokens.takeIf("."));
        while (tokens.takeIfSymbol(",") || tokens.takeIfSymbol("|")) {
            tokens.take();
            key.set(0, new Pattern.Unread(tokens.text(start)));
        }
        return new Statement.If(left, compared(operator), listed(key), tokens.text(start));
    }

    /** Reads a constant with which a field is compared. A comparison of a masked address is not understood. */
    private static Pattern pattern(Expression left, Token token, ValueType type) {
        Pattern pattern = Values.pattern(token, type);
        return left instanceof Expression.Bits && type == ValueType.ADDRESS
                ? new Pattern.Unread(token.text())
                : pattern;
    }

    private static boolean isBits(Expression left) {
        return left instanceof Expression.Bits;
    }

    private @Nullable String operator() {
        Token token = tokens.peek();
        String operator = switch (token.text()) {
            case "==", "eq" -> "==";
            case "!=", "ne", "neq" -> "!=";
            case "<", "lt" -> "<";
            case "<=", "le" -> "<=";
            case ">", "gt" -> ">";
            case ">=", "ge" -> ">=";
            case "!" -> "!";
            default -> null;
        };
        if (operator != null && token.kind() != Token.Kind.QUOTED) {
            tokens.take();
            return operator;
        }
        return null;
    }

    private static Operator inOrNot(@Nullable String operator) {
        return operator == null || operator.equals("==")
                ? Operator.IN
                : operator.startsWith("!") ? Operator.NOT_IN : notUnderstood();
    }

    private static Operator compared(@Nullable String operator) {
        return switch (operator) {
            case "<" -> Operator.LESS;
            case "<=" -> Operator.LESS_OR_EQUAL;
            case ">" -> Operator.GREATER;
            case ">=" -> Operator.GREATER_OR_EQUAL;
            case null, default -> inOrNot(operator);
        };
    }

    private static Operator notUnderstood() {
        throw new NotUnderstoodException();
    }

    /** Reads a comparison of bits, such as "new,established", "== syn", "syn / fin,syn,rst,ack" or "(fin | syn)". */
    private Statement flags(Expression left, @Nullable String operator, ValueType type, int start) {
        boolean list = false;
        long bits = 0;
        boolean bracket = tokens.takeIfSymbol("(");
        do {
            Token token = tokens.take();
            if (token.kind() != Token.Kind.WORD) {
                throw new NotUnderstoodException();
            }
            OptionalLong bit = bits(token, type);
            if (bit.isEmpty()) {
                throw new NotUnderstoodException();
            }
            bits |= bit.getAsLong();
            list |= tokens.peek().isSymbol(",");
        } while (tokens.takeIfSymbol(",") || tokens.takeIfSymbol("|"));
        if (bracket) {
            tokens.expect(")");
        }
        Elements right = listed(List.of(new Pattern.One(Value.Numeric.of(bits))));
        if (tokens.takeIf("/")) {
            Statement.If mask = (Statement.If) flags(left, null, type, start);
            long maskBits = bitsOf(mask.right());
            Expression masked = new Expression.Bits(
                    left, Expression.Operation.AND, new Expression.Constant(Value.Numeric.of(maskBits)));
            return new Statement.If(masked, inOrNot(operator), right, tokens.text(start));
        }
        if (left instanceof Expression.Bits) {
            return new Statement.If(left, compared(operator), right, tokens.text(start));
        }
        Operator asked = switch (operator) {
            case null -> Operator.ANY_BIT;
            case "==" -> Operator.IN;
            case "!=" -> list ? Operator.NO_BIT : Operator.NOT_IN;
            case "!" -> Operator.NO_BIT;
            default -> throw new NotUnderstoodException();
        };
        return new Statement.If(left, asked, right, tokens.text(start));
    }

    /** Reads one word as bits; returns empty if its meaning is unknown, for example if the word is a netmask. */
    private static OptionalLong bits(Token token, ValueType type) {
        try {
            Ip.parse(token.text());
            return OptionalLong.empty();
        } catch (IllegalArgumentException _) {
            return Values.bits(token.text(), type);
        }
    }

    private static long bitsOf(Elements elements) {
        return elements instanceof Elements.Listed(NamedElements listed)
                        && listed.elements().getFirst().key().getFirst()
                                instanceof Pattern.One(Value.Numeric(long low, long _))
                ? low
                : 0;
    }

    private static Elements listed(List<Pattern> key) {
        return new Elements.Listed(new NamedElements(List.of(new SetElement(key, null)), true));
    }
}
