package io.fairlead.explain.read.iptables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.explain.model.Expression;
import io.fairlead.explain.model.Expression.Field;
import io.fairlead.explain.model.Expression.Kind;
import io.fairlead.explain.model.NodeRule;
import io.fairlead.explain.model.Pattern;
import io.fairlead.explain.model.Statement;
import io.fairlead.explain.model.Value;
import io.fairlead.explain.read.Constants;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Reads one rule of iptables-save. {@link MatchWords} reads the options of extensions. */
final class RuleWords {
    private static final long MOST_PORT = 65535;
    /** The extensions whose options {@link MatchWords} reads. */
    private static final Set<String> UNDERSTOOD = Set.of(
            "tcp",
            "udp",
            "sctp",
            "dccp",
            "icmp",
            "icmp6",
            "multiport",
            "mark",
            "connmark",
            "conntrack",
            "state",
            "addrtype",
            "comment",
            "statistic",
            "recent",
            "iprange",
            "pkttype");

    private static final Set<String> NEXT = Set.of("-m", "-j", "-g");

    private final Words words;
    private final IpFamily family;
    private final List<Statement> statements = new ArrayList<>();
    private final MatchWords matches;
    private String comment = "";

    private RuleWords(Words words, IpFamily family) {
        this.words = words;
        this.family = family;
        this.matches = new MatchWords(words, family);
    }

    static NodeRule read(String text, int line, String where, IpFamily family, Set<String> chains) {
        Words words = new Words(text, line);
        RuleWords reader = new RuleWords(words, family);
        words.take();
        words.take();
        reader.options(chains);
        return new NodeRule(reader.statements, text, reader.comment, where);
    }

    private void options(Set<String> chains) {
        String module = "";
        while (words.more()) {
            int start = words.position();
            boolean negated = words.peek().equals("!");
            if (negated) {
                words.take();
            }
            String word = words.take();
            // iptables before 1.4.3 wrote the exclamation mark after the option.
            if (!negated && words.peek().equals("!")) {
                words.take();
                negated = true;
            }
            switch (word) {
                case "-s", "--source" -> address(Kind.SOURCE, negated, start);
                case "-d", "--destination" -> address(Kind.DESTINATION, negated, start);
                case "-i", "--in-interface" -> device(Kind.INPUT_INTERFACE, negated, start);
                case "-o", "--out-interface" -> device(Kind.OUTPUT_INTERFACE, negated, start);
                case "-p", "--protocol" -> protocol(negated, start);
                // "-f" matches only the second and later fragments, so it never matches the first packet of a flow.
                case "-f", "--fragment" ->
                    statements.add(negated ? new Statement.Nothing("! -f") : new Statement.Never("-f"));
                case "-4", "-6" -> {}
                case "-m", "--match" -> {
                    module = words.take();
                    if (!UNDERSTOOD.contains(module)) {
                        notUnderstood(start);
                    }
                }
                case "--comment" -> comment = words.take();
                case "-j", "--jump" -> statements.addAll(TargetWords.read(words, chains, family));
                case "-g", "--goto" -> statements.add(new Statement.GoTo(words.take()));
                case "-c", "--set-counters" -> {
                    words.take();
                    words.take();
                }
                default -> statements.addAll(matches.read(module, word, negated, start));
            }
        }
    }

    /**
     * Adds a match with an unknown meaning for an extension that is not understood. It contains the words up to the
     * next "-m", "-j" or "-g".
     */
    private void notUnderstood(int start) {
        while (words.more() && !NEXT.contains(words.peek())) {
            words.take();
        }
        statements.add(new Statement.UnknownMatch(words.text(start)));
    }

    private void address(Kind kind, boolean negated, int start) {
        List<Pattern> patterns = new ArrayList<>();
        for (String each : words.take().split(",", -1)) {
            patterns.add(Constants.address(each));
        }
        statements.add(Matches.in(new Field(kind, family, null), patterns, negated, words.text(start)));
    }

    private void device(Kind kind, boolean negated, int start) {
        statements.add(Matches.in(new Field(kind), List.of(device(words.take())), negated, words.text(start)));
    }

    /** Reads the name of an interface. A plus sign at its end means any further characters. */
    static Pattern device(String name) {
        return name.endsWith("+")
                ? new Pattern.Beginning(name.substring(0, name.length() - 1))
                : new Pattern.One(new Value.Name(name));
    }

    private void protocol(boolean negated, int start) {
        String name = words.take();
        if (name.equals("all") || name.equals("0")) {
            return;
        }
        statements.add(protocol(name, negated, words.text(start)));
    }

    /**
     * Returns a match on a protocol, which is written as a name or as a number; {@link Statement.UnknownMatch} if the
     * name is unknown.
     */
    static Statement protocol(String name, boolean negated, String text) {
        OptionalLong number = Constants.protocol(name);
        return number.isEmpty()
                ? new Statement.UnknownMatch(text)
                : Matches.in(
                        new Field(Kind.PROTOCOL),
                        List.of(new Pattern.One(Value.Numeric.of(number.getAsLong()))),
                        negated,
                        text);
    }

    static Pattern port(String text) {
        return Constants.numbers(text, ':', MOST_PORT);
    }

    /** Returns the expression {@code field & mask}. */
    static Expression masked(Expression field, long mask) {
        return mask == 0xffffffffL
                ? field
                : new Expression.Bits(field, Expression.Operation.AND, Matches.constant(mask));
    }
}
