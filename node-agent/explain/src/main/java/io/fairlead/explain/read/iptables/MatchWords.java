package io.fairlead.explain.read.iptables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.explain.model.AddressType;
import io.fairlead.explain.model.ConnectionBits;
import io.fairlead.explain.model.Expression;
import io.fairlead.explain.model.Expression.Field;
import io.fairlead.explain.model.Expression.Kind;
import io.fairlead.explain.model.Pattern;
import io.fairlead.explain.model.Statement;
import io.fairlead.explain.model.Value;
import io.fairlead.explain.read.Constants;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Reads the options of iptables' match extensions. Options with an unknown meaning are kept as text. */
final class MatchWords {
    private static final List<String> TCP_FLAGS = List.of("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR");

    private final Words words;
    private final IpFamily family;

    MatchWords(Words words, IpFamily family) {
        this.words = words;
        this.family = family;
    }

    /**
     * Reads one option of a match, with its value.
     *
     * @param module the extension that the last "-m" names; "" if there is none
     * @param start the position of the first word of this option, which may be the exclamation mark
     * @return the statements for the option; an empty list if the option alone decides nothing
     */
    List<Statement> read(String module, String option, boolean negated, int start) {
        return switch (option) {
            case "--dport", "--destination-port", "--dports", "--destination-ports" ->
                ports(Kind.DESTINATION_PORT, negated, start);
            case "--sport", "--source-port", "--sports", "--source-ports" -> ports(Kind.SOURCE_PORT, negated, start);
            case "--ports" -> eitherPort(negated, start);
            case "--syn" -> List.of(flags(0x17, 0x02, negated, words.text(start)));
            case "--tcp-flags" -> {
                long mask = flagBits(words.take());
                long wanted = flagBits(words.take());
                yield List.of(flags(mask, wanted, negated, words.text(start)));
            }
            case "--mark" ->
                mark(module.equals("connmark") ? Kind.CONNECTION_MARK : Kind.MARK, words.take(), negated, start);
            case "--ctstate", "--state" -> state(negated, start);
            case "--ctstatus" -> status(negated, start);
            case "--ctproto" -> protocol(negated, start);
            case "--ctdir" ->
                List.of(
                        (words.take().equals("ORIGINAL") == negated)
                                ? new Statement.Never(words.text(start))
                                : new Statement.Nothing(words.text(start)));
            case "--ctorigsrc" -> address(Kind.ORIGINAL_SOURCE, negated, start);
            case "--ctorigdst" -> address(Kind.ORIGINAL_DESTINATION, negated, start);
            case "--ctorigdstport" -> ports(Kind.ORIGINAL_DESTINATION_PORT, negated, start);
            case "--src-type" -> type(Kind.SOURCE_TYPE, negated, start);
            case "--dst-type" -> type(Kind.DESTINATION_TYPE, negated, start);
            case "--src-range" -> address(Kind.SOURCE, negated, start);
            case "--dst-range" -> address(Kind.DESTINATION, negated, start);
            case "--icmp-type", "--icmpv6-type" -> icmp(negated, start);
            case "--pkt-type" -> {
                boolean unicast = words.take().toLowerCase(Locale.ROOT).equals("unicast");
                yield List.of(
                        unicast != negated
                                ? new Statement.Nothing(words.text(start))
                                : new Statement.Never(words.text(start)));
            }
            default ->
                switch (module) {
                    case "statistic" -> statistic(option, negated, start);
                    case "recent" -> recent(option, negated, start);
                    default -> unknown(module, start);
                };
        };
    }

    private List<Statement> ports(Kind kind, boolean negated, int start) {
        List<Pattern> patterns =
                Arrays.stream(words.take().split(",", -1)).map(RuleWords::port).toList();
        return List.of(Matches.in(new Field(kind), patterns, negated, words.text(start)));
    }

    private List<Statement> eitherPort(boolean negated, int start) {
        List<Pattern> patterns =
                Arrays.stream(words.take().split(",", -1)).map(RuleWords::port).toList();
        String text = words.text(start);
        return List.of(new Statement.IfAny(
                List.of(
                        Matches.in(new Field(Kind.SOURCE_PORT), patterns, false, text),
                        Matches.in(new Field(Kind.DESTINATION_PORT), patterns, false, text)),
                negated,
                text));
    }

    private static Statement flags(long mask, long wanted, boolean negated, String text) {
        return Matches.in(
                new Expression.Bits(new Field(Kind.TCP_FLAGS), Expression.Operation.AND, Matches.constant(mask)),
                List.of(new Pattern.One(Value.Numeric.of(wanted))),
                negated,
                text);
    }

    private static long flagBits(String names) {
        long bits = 0;
        for (String name : names.split(",", -1)) {
            int index = TCP_FLAGS.indexOf(name);
            bits |= name.equals("ALL") ? 0x3f : index < 0 ? 0 : 1L << index;
        }
        return bits;
    }

    private List<Statement> mark(Kind kind, String text, boolean negated, int start) {
        int slash = text.indexOf('/');
        OptionalLong value = Constants.number(slash < 0 ? text : text.substring(0, slash));
        OptionalLong mask = slash < 0 ? OptionalLong.of(0xffffffffL) : Constants.number(text.substring(slash + 1));
        String option = words.text(start);
        return List.of(
                value.isEmpty() || mask.isEmpty()
                        ? new Statement.UnknownMatch(option)
                        : Matches.in(
                                RuleWords.masked(new Field(kind), mask.getAsLong()),
                                List.of(new Pattern.One(Value.Numeric.of(value.getAsLong()))),
                                negated,
                                option));
    }

    private List<Statement> state(boolean negated, int start) {
        long states = 0;
        long statuses = 0;
        for (String name : words.take().split(",", -1)) {
            states |= ConnectionBits.state(name);
            statuses |= name.equals("SNAT") || name.equals("DNAT") ? ConnectionBits.status(name) : 0;
        }
        String text = words.text(start);
        if (statuses == 0) {
            return List.of(Matches.bits(new Field(Kind.CONNECTION_STATE), states, negated, text));
        }
        return List.of(new Statement.IfAny(
                List.of(
                        Matches.bits(new Field(Kind.CONNECTION_STATE), states, false, text),
                        Matches.bits(new Field(Kind.CONNECTION_STATUS), statuses, false, text)),
                negated,
                text));
    }

    private List<Statement> status(boolean negated, int start) {
        String names = words.take();
        long bits = 0;
        for (String name : names.split(",", -1)) {
            bits |= ConnectionBits.status(name);
        }
        String text = words.text(start);
        return List.of(
                bits == 0
                        ? new Statement.UnknownMatch(text)
                        : Matches.bits(new Field(Kind.CONNECTION_STATUS), bits, negated, text));
    }

    private List<Statement> protocol(boolean negated, int start) {
        String name = words.take();
        return List.of(RuleWords.protocol(name, negated, words.text(start)));
    }

    private List<Statement> address(Kind kind, boolean negated, int start) {
        Pattern pattern = Constants.address(words.take());
        return List.of(Matches.in(new Field(kind, family, null), List.of(pattern), negated, words.text(start)));
    }

    private List<Statement> type(Kind kind, boolean negated, int start) {
        List<Pattern> patterns = new ArrayList<>();
        for (String name : words.take().split(",", -1)) {
            try {
                patterns.add(new Pattern.One(
                        Value.Numeric.of(AddressType.valueOf(name).number())));
            } catch (IllegalArgumentException _) {
                patterns.add(new Pattern.Unread(name));
            }
        }
        String next = words.peek();
        if (next.equals("--limit-iface-in") || next.equals("--limit-iface-out")) {
            words.take();
            return List.of(new Statement.UnknownMatch(words.text(start)));
        }
        return List.of(Matches.in(new Field(kind), patterns, negated, words.text(start)));
    }

    /** Reads a match on an ICMP type as a match on the protocol, because no traced packet is ICMP. */
    private List<Statement> icmp(boolean negated, int start) {
        words.take();
        String text = words.text(start);
        return List.of(Matches.in(
                new Field(Kind.PROTOCOL),
                List.of(new Pattern.One(Value.Numeric.of(family == IpFamily.IPV4 ? 1 : 58))),
                negated,
                text));
    }

    private List<Statement> statistic(String option, boolean negated, int start) {
        if (option.equals("--mode")) {
            words.take();
            return List.of();
        }
        if (option.equals("--packet")) {
            words.take();
            return List.of();
        }
        String value = words.take();
        String text = words.text(start);
        try {
            double share = switch (option) {
                case "--probability" -> Double.parseDouble(value);
                case "--every" -> 1.0 / Integer.parseInt(value);
                default -> -1;
            };
            return List.of(
                    share < 0 || share > 1
                            ? new Statement.UnknownMatch(text)
                            : new Statement.Chance(negated ? 1 - share : share, text));
        } catch (NumberFormatException _) {
            return List.of(new Statement.UnknownMatch(text));
        }
    }

    /** Reads an option of "-m recent". It is assumed that the client is on no list. */
    private List<Statement> recent(String option, boolean negated, int start) {
        return switch (option) {
            case "--set" -> List.of(negated ? new Statement.Never("! --set") : new Statement.Nothing(option));
            case "--rcheck", "--update", "--remove" ->
                List.of(negated ? new Statement.Nothing("! " + option) : new Statement.Never(option));
            case "--rsource", "--rdest", "--reap", "--rttl" -> List.of();
            case "--name", "--seconds", "--hitcount", "--mask" -> {
                words.take();
                yield List.of();
            }
            default -> List.of(new Statement.UnknownMatch(words.text(start)));
        };
    }

    private List<Statement> unknown(String module, int start) {
        while (words.more() && !isOption(words.peek())) {
            words.take();
        }
        return List.of(new Statement.UnknownMatch((module.isEmpty() ? "" : "-m " + module + " ") + words.text(start)));
    }

    private static boolean isOption(String word) {
        return word.equals("!") || (word.length() > 1 && word.charAt(0) == '-' && !Character.isDigit(word.charAt(1)));
    }
}
