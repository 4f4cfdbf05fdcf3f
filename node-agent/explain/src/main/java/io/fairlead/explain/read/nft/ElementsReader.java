package io.fairlead.explain.read.nft;

import io.fairlead.explain.model.Expression;
import io.fairlead.explain.model.NamedElements;
import io.fairlead.explain.model.Pattern;
import io.fairlead.explain.model.SetElement;
import io.fairlead.explain.model.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the elements of sets and maps, which nft lists in braces. */
final class ElementsReader {
    private static final Set<String> BEHIND_KEY =
            Set.of("timeout", "expires", "counter", "comment", "limit", "quota", "last", "ct");

    private final Tokens tokens;

    ElementsReader(Tokens tokens) {
        this.tokens = tokens;
    }

    /**
     * Reads a list of elements, including its braces.
     *
     * @param types the type of each part of a key
     */
    NamedElements listed(List<ValueType> types) {
        tokens.expect("{");
        List<SetElement> elements = new ArrayList<>();
        while (!tokens.takeIfSymbol("}")) {
            if (!tokens.more()) {
                throw new NotUnderstoodException();
            }
            elements.add(element(types));
            tokens.takeIfSymbol(",");
        }
        return new NamedElements(elements, true);
    }

    private SetElement element(List<ValueType> types) {
        List<Pattern> key = new ArrayList<>();
        boolean colon = false;
        if (!tokens.takeIf("*")) {
            do {
                ValueType type = key.size() < types.size() ? types.get(key.size()) : ValueType.OTHER;
                Token token = tokens.take();
                if (token.kind() != Token.Kind.WORD && token.kind() != Token.Kind.QUOTED) {
                    throw new NotUnderstoodException();
                }
                boolean ends = endsWithColon(token, type);
                key.add(pattern(ends ? withoutColon(token) : token, type));
                colon |= ends;
            } while (!colon && tokens.takeIf("."));
        }
        skipOptions();
        colon |= tokens.takeIf(":");
        SetElement.Data data = colon ? data() : null;
        skipOptions();
        return new SetElement(key, data);
    }

    /** Reads one part of a key. If bits are joined by "|", the pattern is unknown. */
    private Pattern pattern(Token token, ValueType type) {
        if (tokens.peek().isSymbol("|")) {
            while (tokens.takeIfSymbol("|")) {
                tokens.take();
            }
            return new Pattern.Unread(token.text());
        }
        return Values.pattern(token, type);
    }

    private static boolean endsWithColon(Token token, ValueType type) {
        return token.kind() == Token.Kind.WORD && token.text().endsWith(":") && type != ValueType.ADDRESS;
    }

    private static Token withoutColon(Token token) {
        return new Token(
                token.kind(), token.text().substring(0, token.text().length() - 1), token.line(), token.column());
    }

    private void skipOptions() {
        while (BEHIND_KEY.contains(tokens.peek().text()) && tokens.peek().kind() == Token.Kind.WORD) {
            while (tokens.more()
                    && !tokens.peek().isSymbol(",")
                    && !tokens.peek().isSymbol("}")
                    && !tokens.peek().is(":")) {
                tokens.take();
            }
        }
    }

    private SetElement.Data data() {
        Statement verdict = verdict(tokens);
        if (verdict != null) {
            return new SetElement.Data.Verdict(verdict);
        }
        List<Expression> parts = new ArrayList<>();
        do {
            parts.add(ExpressionReader.constant(tokens.take(), ValueType.OTHER));
        } while (tokens.takeIf("."));
        return new SetElement.Data.Values(parts);
    }

    /** Reads a verdict. Returns null if the next token does not begin a verdict. */
    static @Nullable Statement verdict(Tokens tokens) {
        Token token = tokens.peek();
        if (token.kind() != Token.Kind.WORD) {
            return null;
        }
        Statement verdict = switch (token.text()) {
            case "accept" -> new Statement.Accept();
            case "drop" -> new Statement.Drop();
            case "return" -> new Statement.Return();
            case "continue" -> new Statement.Nothing("continue");
            case "jump" -> new Statement.Jump(tokens.peek(1).text());
            case "goto" -> new Statement.GoTo(tokens.peek(1).text());
            default -> null;
        };
        if (verdict != null) {
            tokens.take();
            if (verdict instanceof Statement.Jump || verdict instanceof Statement.GoTo) {
                tokens.word();
            }
        }
        return verdict;
    }
}
