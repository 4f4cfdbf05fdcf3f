package io.fairlead.nft.text;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.rules.Refusal;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Expression;
import io.fairlead.nft.rule.Expression.Field;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes and parses rules in the form in which nft lists them (nft 1.0.6). nft also accepts this form as input. */
public final class RuleText {
    private RuleText() {}

    /** Returns the rule on one line, with its comment. */
    public static String write(Rule rule, IpFamily family) {
        String statements = rule.statements().stream()
                .map(statement -> write(statement, family))
                .collect(Collectors.joining(" "));
        return rule.comment().isEmpty() ? statements : statements + " comment \"" + rule.comment() + '"';
    }

    private static String write(Statement statement, IpFamily family) {
        return switch (statement) {
            case Statement.NewConnection _ -> "ct state new";
            case Statement.DestinationTranslated _ -> "ct status dnat";
            case Statement.ProtocolIs(List<Protocol> protocols) -> "meta l4proto " + list(protocols, Protocol::text);
            case Statement.AddressIn(Field field, boolean negated, List<Cidr> prefixes) ->
                ExpressionText.write(field, family) + unless(negated) + " " + list(prefixes, RuleText::prefix);
            case Statement.Chance(int part, int whole) -> "numgen random mod " + whole + " < " + part;
            case Statement.InSet(Expression key, boolean negated, SetName set) ->
                ExpressionText.write(key, family) + unless(negated) + " @" + set;
            case Statement.IsLocal(Field field) ->
                "fib " + (field == Field.SOURCE_ADDRESS ? "saddr" : "daddr") + " type local";
            case Statement.InputInterface(boolean negated, InterfaceName name, boolean prefix) ->
                "iifname" + unless(negated) + " \"" + name + (prefix ? "*\"" : "\"");
            case Statement.MarkIsUnset(int bits) -> "meta mark & " + Numbers.mark(bits) + " == 0x00000000";
            case Statement.SetMark(int bits) -> "meta mark set meta mark | " + Numbers.mark(bits);
            case Statement.FlipMark(int bits) -> "meta mark set meta mark ^ " + Numbers.mark(bits);
            case Statement.LookUpVerdict(Expression key, SetName map) ->
                ExpressionText.write(key, family) + " vmap @" + map;
            case Statement.Dnat(Expression key, SetName map) ->
                "dnat " + FamilyText.of(family) + " to " + ExpressionText.write(key, family) + " map @" + map;
            case Statement.DnatOfTwo(Expression key, SetName addresses, SetName ports) -> {
                String by = ExpressionText.write(key, family);
                yield "dnat " + FamilyText.of(family) + " to " + by + " map @" + addresses + " : " + by + " map @"
                        + ports;
            }
            case Statement.Update(SetName map, Expression key, Expression data) ->
                "update @" + map + pair(key, data, family);
            case Statement.Delete(SetName map, Expression key, Expression data) ->
                "delete @" + map + pair(key, data, family);
            case Statement.Masquerade _ -> "masquerade fully-random";
            case Statement.Reject(Refusal with) ->
                switch (with) {
                    case PORT_UNREACHABLE -> "reject";
                    case TCP_RESET -> "reject with tcp reset";
                };
            case Statement.Decide(var verdict) -> VerdictText.write(verdict);
            case Statement.ForeignRule(String text) -> text;
        };
    }

    private static String unless(boolean negated) {
        return negated ? " !=" : "";
    }

    private static String pair(Expression key, Expression data, IpFamily family) {
        return " { " + ExpressionText.write(key, family) + " : " + ExpressionText.write(data, family) + " }";
    }

    /** Returns a single value unchanged, and several values in braces. */
    private static <T> String list(List<T> values, Function<T, String> text) {
        String joined = values.stream().map(text).collect(Collectors.joining(", "));
        return values.size() == 1 ? joined : "{ " + joined + " }";
    }

    private static String prefix(Cidr cidr) {
        return cidr.prefixLength() == cidr.family().bits() ? cidr.network().text() : cidr.text();
    }

    /** Parses a line. A rule that Fairlead cannot have written becomes one {@link Statement.ForeignRule}. */
    static Rule parse(String line, IpFamily family) {
        try {
            Tokens tokens = Tokens.of(line);
            List<Statement> statements = new ArrayList<>();
            Comment comment = Comment.NONE;
            while (tokens.hasNext()) {
                if (tokens.takeIf("comment")) {
                    comment = new Comment(tokens.takeQuoted());
                } else {
                    statements.add(statement(tokens, family));
                }
            }
            return new Rule(statements, comment);
        } catch (NotOursException | IllegalArgumentException e) {
            return Rule.of(new Statement.ForeignRule(line));
        }
    }

    static Statement statement(Tokens tokens, IpFamily family) {
        return switch (tokens.peek()) {
            case "masquerade" -> {
                tokens.expect("masquerade", "fully-random");
                yield new Statement.Masquerade();
            }
            case "reject" -> reject(tokens);
            case "jump", "goto", "return", "accept", "drop" ->
                new Statement.Decide(VerdictText.parse(tokens.take(), tokens::take));
            case "fib" -> {
                tokens.take();
                Field field = tokens.takeIf("saddr") ? Field.SOURCE_ADDRESS : Field.DESTINATION_ADDRESS;
                if (field == Field.DESTINATION_ADDRESS) {
                    tokens.expect("daddr");
                }
                tokens.expect("type", "local");
                yield new Statement.IsLocal(field);
            }
            case "iifname" -> inputInterface(tokens);
            case "dnat" -> dnat(tokens, family);
            case "update", "delete" -> dynamic(tokens, family);
            case "ct" -> conntrack(tokens, family);
            case "meta" -> meta(tokens, family);
            default -> comparison(ExpressionText.parse(tokens, family), tokens, family);
        };
    }

    private static Statement dynamic(Tokens tokens, IpFamily family) {
        boolean delete = tokens.take().equals("delete");
        SetName map = reference(tokens);
        tokens.expect("{");
        Expression key = ExpressionText.parse(tokens, family);
        tokens.expect(":");
        Expression data = ExpressionText.parse(tokens, family);
        tokens.expect("}");
        return delete ? new Statement.Delete(map, key, data) : new Statement.Update(map, key, data);
    }

    private static Statement reject(Tokens tokens) {
        tokens.expect("reject");
        if (tokens.takeIf("with")) {
            if (tokens.takeIf("tcp")) {
                tokens.expect("reset");
                return new Statement.Reject(Refusal.TCP_RESET);
            }
            if (!tokens.takeIf("icmp")) {
                tokens.expect("icmpv6");
            }
            tokens.expect("port-unreachable");
        }
        return new Statement.Reject(Refusal.PORT_UNREACHABLE);
    }

    private static Statement inputInterface(Tokens tokens) {
        tokens.expect("iifname");
        boolean negated = tokens.takeIf("!=");
        String name = tokens.takeQuoted();
        boolean prefix = name.endsWith("*");
        return new Statement.InputInterface(
                negated, new InterfaceName(prefix ? name.substring(0, name.length() - 1) : name), prefix);
    }

    /** Parses "dnat to ...". nft omits the family if the statement uses two maps. */
    private static Statement dnat(Tokens tokens, IpFamily family) {
        tokens.expect("dnat");
        tokens.takeIf(FamilyText.of(family));
        tokens.expect("to");
        Expression key = ExpressionText.parse(tokens, family);
        tokens.expect("map");
        SetName map = reference(tokens);
        if (!tokens.takeIf(":")) {
            return new Statement.Dnat(key, map);
        }
        Expression portKey = ExpressionText.parse(tokens, family);
        tokens.expect("map");
        SetName ports = reference(tokens);
        if (!portKey.equals(key)) {
            throw new NotOursException("two keys");
        }
        return new Statement.DnatOfTwo(key, map, ports);
    }

    private static Statement conntrack(Tokens tokens, IpFamily family) {
        if (tokens.peekSecond("state")) {
            tokens.expect("ct", "state", "new");
            return new Statement.NewConnection();
        }
        if (tokens.peekSecond("status")) {
            tokens.expect("ct", "status", "dnat");
            return new Statement.DestinationTranslated();
        }
        return comparison(ExpressionText.parse(tokens, family), tokens, family);
    }

    private static Statement meta(Tokens tokens, IpFamily family) {
        if (!tokens.peekSecond("mark")) {
            return comparison(ExpressionText.parse(tokens, family), tokens, family);
        }
        tokens.expect("meta", "mark");
        if (tokens.takeIf("set")) {
            tokens.expect("meta", "mark");
            if (tokens.takeIf("|")) {
                return new Statement.SetMark(tokens.takeInt());
            }
            tokens.expect("^");
            return new Statement.FlipMark(tokens.takeInt());
        }
        if (tokens.takeIf("&")) {
            int bits = tokens.takeInt();
            tokens.expect("==");
            if (tokens.takeInt() != 0) {
                throw new NotOursException("mark compared with a value");
            }
            return new Statement.MarkIsUnset(bits);
        }
        // nft prints a test of only the highest bit as a prefix: it lists "meta mark & 0x80000000 == 0" as "meta mark
        // 0x00000000/1".
        tokens.expect("0x00000000/1");
        return new Statement.MarkIsUnset(0x8000_0000);
    }

    private static Statement comparison(Expression left, Tokens tokens, IpFamily family) {
        if (tokens.takeIf("vmap")) {
            return new Statement.LookUpVerdict(left, reference(tokens));
        }
        if (left instanceof Expression.Random(int modulus) && tokens.takeIf("<")) {
            return new Statement.Chance(tokens.takeInt(), modulus);
        }
        boolean negated = tokens.takeIf("!=");
        if (tokens.peek().startsWith("@")) {
            return new Statement.InSet(left, negated, reference(tokens));
        }
        List<String> values = values(tokens);
        if (left == Field.PROTOCOL && !negated) {
            return new Statement.ProtocolIs(
                    values.stream().map(Numbers::protocol).sorted().toList());
        }
        if (left == Field.SOURCE_ADDRESS || left == Field.DESTINATION_ADDRESS) {
            List<Cidr> prefixes =
                    values.stream().map(value -> cidr(value, family)).sorted().toList();
            return new Statement.AddressIn((Field) left, negated, prefixes);
        }
        throw new NotOursException("comparison");
    }

    private static Cidr cidr(String value, IpFamily family) {
        Cidr cidr = value.indexOf('/') < 0 ? Cidr.ofHost(Ip.parse(value)) : Cidr.parse(value);
        if (cidr.family() != family) {
            throw new NotOursException(value);
        }
        return cidr;
    }

    private static List<String> values(Tokens tokens) {
        if (!tokens.takeIf("{")) {
            return List.of(tokens.take());
        }
        List<String> values = new ArrayList<>();
        do {
            values.add(tokens.take());
        } while (tokens.takeIf(","));
        tokens.expect("}");
        return values;
    }

    private static SetName reference(Tokens tokens) {
        String word = tokens.take();
        if (!word.startsWith("@")) {
            throw new NotOursException(word);
        }
        return new SetName(word.substring(1));
    }
}
