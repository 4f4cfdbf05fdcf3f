package io.fairlead.nft.text;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.nft.rule.Statement;
import io.fairlead.nft.rule.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses rules that kube-proxy writes and Fairlead never writes. They are parsed only for traces. In all other respects
 * they count as foreign: Fairlead does not write, compare or keep them.
 */
public final class KubeProxyRule {

    /** One part of such a rule. */
    public sealed interface Clause {

        /** A statement that also occurs in Fairlead's rules. */
        record Same(Statement statement) implements Clause {}

        /**
         * Sends the packet to one of these endpoints; all have the same probability. kube-proxy 1.36 has a chain for
         * each endpoint, with a rule that names one endpoint. kube-proxy 1.37 has one rule with all endpoints.
         */
        record SendTo(List<IpPort> endpoints) implements Clause {
            /** Copies the list. */
            public SendTo {
                endpoints = List.copyOf(endpoints);
            }
        }

        /** Applies one of these verdicts; all have the same probability. */
        record OneOf(List<Verdict> verdicts) implements Clause {
            /** Copies the list. */
            public OneOf {
                verdicts = List.copyOf(verdicts);
            }
        }

        /** Matches if at least one of these bits is set in the packet mark. */
        record MarkIsSet(int bits) implements Clause {}

        /** Matches if the packet has this protocol and destination port. */
        record PortIs(Protocol protocol, int port) implements Clause {}

        /** Stores the endpoint of a client in an affinity set or map. */
        record Remember() implements Clause {}
    }

    private KubeProxyRule() {}

    /**
     * Parses a rule.
     *
     * @throws IllegalArgumentException if neither kube-proxy nor Fairlead writes such a rule
     */
    public static List<Clause> parse(String text, IpFamily family) {
        Tokens tokens = Tokens.of(text);
        List<Clause> clauses = new ArrayList<>();
        try {
            while (tokens.hasNext()) {
                clause(tokens, family, clauses);
            }
        } catch (NotOursException e) {
            throw new IllegalArgumentException("rule " + text, e);
        }
        return clauses;
    }

    private static void clause(Tokens tokens, IpFamily family, List<Clause> clauses) {
        switch (tokens.peek()) {
            case "comment" -> {
                tokens.take();
                tokens.takeQuoted();
            }
            case "counter" -> {
                tokens.take();
                if (tokens.takeIf("packets")) {
                    tokens.take();
                    tokens.expect("bytes");
                    tokens.take();
                }
            }
            case "update", "add" -> {
                while (!tokens.take().equals("}")) {}
                clauses.add(new Clause.Remember());
            }
            case "dnat" -> clauses.add(sendTo(tokens, family));
            case "numgen" -> {
                List<Verdict> verdicts = new ArrayList<>();
                numbered(tokens, "vmap", () -> verdicts.add(VerdictText.parse(tokens.take(), tokens::take)));
                clauses.add(new Clause.OneOf(verdicts));
            }
            case "tcp", "udp", "sctp" -> {
                Protocol protocol = Numbers.protocol(tokens.take());
                tokens.expect("dport");
                clauses.add(new Clause.PortIs(protocol, tokens.takeInt()));
            }
            case "meta" -> clauses.add(tokens.peekSecond("mark") ? mark(tokens) : same(tokens, family));
            default -> clauses.add(same(tokens, family));
        }
    }

    private static Clause same(Tokens tokens, IpFamily family) {
        return new Clause.Same(RuleText.statement(tokens, family));
    }

    private static Clause sendTo(Tokens tokens, IpFamily family) {
        tokens.expect("dnat");
        tokens.takeIf(FamilyText.of(family));
        tokens.expect("to");
        if (!tokens.peek().equals("numgen")) {
            return new Clause.SendTo(List.of(IpPort.parse(tokens.take())));
        }
        List<IpPort> endpoints = new ArrayList<>();
        numbered(tokens, "map", () -> {
            Ip ip = Ip.parse(tokens.take());
            tokens.expect(".");
            endpoints.add(new IpPort(ip, tokens.takeInt()));
        });
        return new Clause.SendTo(endpoints);
    }

    /** Parses "numgen random mod 2 map { 0 : ..., 1 : ... }". The text must contain all numbers in order. */
    private static void numbered(Tokens tokens, String map, Runnable value) {
        tokens.expect("numgen", "random", "mod");
        int count = tokens.takeInt();
        tokens.expect(map, "{");
        for (int number = 0; number < count; number++) {
            if (tokens.takeInt() != number) {
                throw new NotOursException("a number is missing");
            }
            tokens.expect(":");
            value.run();
            if (number < count - 1) {
                tokens.expect(",");
            }
        }
        tokens.expect("}");
    }

    private static Clause mark(Tokens tokens) {
        tokens.expect("meta", "mark");
        if (tokens.takeIf("set")) {
            tokens.expect("meta", "mark");
            if (tokens.takeIf("|")) {
                return new Clause.Same(new Statement.SetMark(tokens.takeInt()));
            }
            tokens.expect("^");
            return new Clause.Same(new Statement.FlipMark(tokens.takeInt()));
        }
        tokens.expect("&");
        int bits = tokens.takeInt();
        boolean set = tokens.takeIf("!=");
        if (!set) {
            tokens.expect("==");
        }
        if (tokens.takeInt() != 0) {
            throw new NotOursException("mark compared with a value");
        }
        return set ? new Clause.MarkIsSet(bits) : new Clause.Same(new Statement.MarkIsUnset(bits));
    }
}
