package io.fairlead.explain.read.nft;

import io.fairlead.core.net.Ip;
import io.fairlead.explain.model.Expression;
import io.fairlead.explain.model.Statement;
import io.fairlead.explain.model.Value;
import io.fairlead.explain.read.Constants;
import io.fairlead.explain.read.PassingTargets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the actions of a rule: every statement that is not a match. */
final class ActionReader {
    private static final Set<String> NAT_FLAGS = Set.of("random", "fully-random", "persistent");
    private final Tokens tokens;
    private final ExpressionReader expressions;

    ActionReader(Tokens tokens, ExpressionReader expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /** Reads an action. Returns null if the next token does not begin an action. */
    @Nullable
    Statement read() {
        Statement verdict = ElementsReader.verdict(tokens);
        if (verdict != null || tokens.peek().kind() != Token.Kind.WORD) {
            return verdict;
        }
        int start = tokens.position();
        if (tokens.peek().isUnknown() && !isCompared(tokens.peek(1))) {
            tokens.take();
            // It is not known whether this is a match or an action. At the end of a rule it is an action.
            return tokens.more()
                    ? new Statement.UnknownMatch(tokens.text(start))
                    : new Statement.UnknownAction(tokens.text(start));
        }
        return switch (tokens.peek().text()) {
            case "counter" -> counter(start);
            case "log" -> log(start);
            case "limit", "quota" -> rate(start);
            case "reject" -> reject();
            case "queue" -> queue(start);
            case "notrack" -> {
                tokens.take();
                yield new Statement.NoTrack();
            }
            case "masquerade" -> {
                tokens.take();
                port();
                flags();
                yield new Statement.Masquerade();
            }
            case "redirect" -> {
                tokens.take();
                Expression port = port();
                flags();
                yield new Statement.Redirect(port);
            }
            case "dnat", "snat" -> nat(start);
            case "tproxy" -> {
                skipToEnd();
                yield new Statement.ToSocket(tokens.text(start));
            }
            case "add", "update", "delete" -> update(start);
            case "set" -> update(start);
            case "flow" -> {
                tokens.take();
                tokens.word();
                tokens.word();
                yield new Statement.Nothing(tokens.text(start));
            }
            case "dup" -> {
                skipToEnd();
                yield new Statement.Nothing(tokens.text(start));
            }
            case "fwd", "synproxy", "meter" -> {
                skipToEnd();
                yield new Statement.UnknownAction(tokens.text(start));
            }
            case "reset" -> {
                tokens.take();
                tokens.word();
                tokens.word();
                tokens.word();
                yield new Statement.Nothing(tokens.text(start));
            }
            case "last" -> {
                tokens.take();
                if (tokens.takeIf("used")) {
                    tokens.word();
                    if (tokens.peek().is("ago")) {
                        tokens.take();
                    }
                }
                yield new Statement.Nothing(tokens.text(start));
            }
            case "xt" -> extension(start);
            case "ct" -> tokens.peek(1).is("count") ? rate(start) : null;
            default -> null;
        };
    }

    /**
     * Returns whether a token shows that the word before it is a value, which the rule compares, combines or looks up.
     */
    private static boolean isCompared(Token token) {
        return token.kind() == Token.Kind.SYMBOL
                || token.is("vmap")
                || token.is("map")
                || token.is("set")
                || token.is(".")
                || token.text().startsWith("@");
    }

    private Statement counter(int start) {
        tokens.take();
        if (tokens.takeIf("name")) {
            tokens.take();
        }
        if (tokens.takeIf("packets")) {
            tokens.word();
            tokens.word();
            tokens.word();
        }
        return new Statement.Nothing(tokens.text(start));
    }

    private Statement log(int start) {
        tokens.take();
        while (true) {
            switch (tokens.peek().text()) {
                case "prefix" -> {
                    tokens.take();
                    tokens.take();
                }
                case "level", "group", "snaplen", "queue-threshold", "flags" -> {
                    boolean flags = tokens.take().is("flags");
                    tokens.word();
                    while (flags && (isFlagOfLog(tokens.peek()) || tokens.peek().isSymbol(","))) {
                        tokens.take();
                    }
                }
                default -> {
                    return new Statement.Nothing(tokens.text(start));
                }
            }
        }
    }

    private static boolean isFlagOfLog(Token token) {
        return token.is("sequence") || token.is("options");
    }

    /** Reads a limit of a rate or of a number of connections. It is unknown whether a packet is within the limit. */
    private Statement rate(int start) {
        boolean connections = tokens.take().is("ct");
        if (connections) {
            tokens.word();
            tokens.takeIf("over");
            tokens.word();
            return new Statement.UnknownMatch(tokens.text(start));
        }
        if (tokens.takeIf("name")) {
            tokens.take();
            return new Statement.UnknownMatch(tokens.text(start));
        }
        tokens.takeIf("rate");
        if (!tokens.takeIf("over")) {
            tokens.takeIf("until");
        }
        tokens.word();
        if (tokens.peek().text().contains("bytes") || tokens.peek().text().startsWith("/")) {
            tokens.word();
        }
        while (tokens.peek().is("burst") || tokens.peek().is("used")) {
            tokens.take();
            tokens.word();
            tokens.word();
        }
        return new Statement.UnknownMatch(tokens.text(start));
    }

    private Statement reject() {
        tokens.take();
        StringBuilder with = new StringBuilder();
        if (tokens.takeIf("with")) {
            with.append(tokens.word());
            tokens.takeIf("type");
            with.append(' ').append(tokens.word());
        }
        return new Statement.Reject(with.toString());
    }

    private Statement queue(int start) {
        tokens.take();
        boolean bypass = false;
        while (tokens.more() && !tokens.peek().is("comment")) {
            bypass |= tokens.take().is("bypass");
        }
        return new Statement.Queue(tokens.text(start), bypass);
    }

    private @Nullable Expression port() {
        if (!tokens.takeIf("to")) {
            return null;
        }
        if (tokens.peek().text().startsWith(":") && tokens.peek().text().length() > 1) {
            return number(tokens.word().substring(1));
        }
        tokens.takeIf(":");
        Expression port = expressions.read(ValueType.PORT);
        return port;
    }

    private static Expression number(String text) {
        return Constants.number(text).isPresent()
                ? new Expression.Constant(
                        Value.Numeric.of(Constants.number(text).getAsLong()))
                : new Expression.NotUnderstood(text);
    }

    private void flags() {
        while (NAT_FLAGS.contains(tokens.peek().text()) || tokens.peek().isSymbol(",")) {
            tokens.take();
        }
    }

    /** A new destination or source. */
    private record Target(
            @Nullable Expression address, @Nullable Expression port) {}

    private Statement nat(int start) {
        boolean destination = tokens.take().is("dnat");
        if (tokens.peek(1).is("to")
                || tokens.peek(1).is("prefix")
                || tokens.peek(1).is("addr")
                || tokens.peek(1).is("interval")) {
            tokens.word();
        }
        boolean prefix = tokens.takeIf("prefix") || tokens.takeIf("interval");
        if (tokens.takeIf("addr")) {
            tokens.takeIf(".");
            tokens.takeIf("port");
        }
        if (!tokens.takeIf("to")) {
            throw new NotUnderstoodException();
        }
        if (prefix) {
            skipToEnd();
            return destination
                    ? new Statement.UnknownAction(tokens.text(start))
                    : new Statement.Snat(tokens.text(start));
        }
        int beforeTarget = tokens.position();
        Target target = target();
        String written = tokens.text(beforeTarget);
        flags();
        return destination ? new Statement.Dnat(target.address(), target.port()) : new Statement.Snat(written);
    }

    /**
     * Reads an address, a port, or both, such as "192.0.2.1:80", "[2001:db8::1]:80" or ":80". An expression may take
     * the place of both.
     */
    private Target target() {
        String text = tokens.peek().text();
        boolean word = tokens.peek().kind() == Token.Kind.WORD;
        int bracket = text.indexOf(']');
        int colon = text.startsWith("[") ? text.indexOf(':', bracket) : text.indexOf(':');
        boolean oneColon = colon >= 0 && text.indexOf(':', colon + 1) < 0;
        boolean withPort = word && (text.startsWith("[") ? bracket > 0 : oneColon);
        if (!withPort) {
            Expression whole = expressions.read();
            if (tokens.takeIf(":")) {
                return new Target(whole, expressions.read(ValueType.PORT));
            }
            return new Target(whole, null);
        }
        tokens.take();
        String address = text.startsWith("[") ? text.substring(1, bracket) : text.substring(0, colon);
        Expression port = colon < 0 ? null : number(text.substring(colon + 1));
        return new Target(address.isEmpty() ? null : address(address), port);
    }

    private static Expression address(String text) {
        try {
            return new Expression.Constant(new Value.Address(Ip.parse(text)));
        } catch (IllegalArgumentException _) {
            return new Expression.NotUnderstood(text);
        }
    }

    /**
     * Reads a statement that changes a set. A statement with a limit is also a match: the packet meets the rest of the
     * rule only while the limit is not reached.
     */
    private Statement update(int start) {
        tokens.take();
        if (tokens.peek().is("add")
                || tokens.peek().is("update")
                || tokens.peek().is("delete")) {
            tokens.take();
        }
        boolean nameFirst = tokens.peek().text().startsWith("@");
        if (nameFirst) {
            tokens.take();
            tokens.skipBlock();
        } else {
            while (tokens.more() && !tokens.peek().text().startsWith("@")) {
                tokens.take();
            }
            tokens.take();
        }
        String text = tokens.text(start);
        return List.of(text.split(" ", -1)).stream().anyMatch(each -> each.equals("limit") || each.equals("count"))
                ? new Statement.UnknownMatch(text)
                : new Statement.Nothing(text);
    }

    /** Reads an "xt" statement, by which nft shows an extension of iptables that it cannot translate. */
    private Statement extension(int start) {
        tokens.take();
        String kind = tokens.word();
        String name = tokens.take().text();
        String text = tokens.text(start);
        return kind.equals("target")
                ? PassingTargets.contains(name) ? new Statement.Nothing(text) : new Statement.UnknownAction(text)
                : name.equals("comment") ? new Statement.Nothing(text) : new Statement.UnknownMatch(text);
    }

    private void skipToEnd() {
        while (tokens.more() && !tokens.peek().is("comment") && !isVerdict(tokens.peek())) {
            tokens.take();
        }
    }

    private static boolean isVerdict(Token token) {
        return token.is("accept") || token.is("drop") || token.is("return");
    }
}
