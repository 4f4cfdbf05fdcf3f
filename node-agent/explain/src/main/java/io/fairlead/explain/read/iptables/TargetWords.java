package io.fairlead.explain.read.iptables;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.explain.model.Expression;
import io.fairlead.explain.model.Expression.Bits;
import io.fairlead.explain.model.Expression.Field;
import io.fairlead.explain.model.Expression.Kind;
import io.fairlead.explain.model.Expression.Operation;
import io.fairlead.explain.model.Statement;
import io.fairlead.explain.model.Value;
import io.fairlead.explain.read.Constants;
import io.fairlead.explain.read.PassingTargets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the target of a rule, the last part of the rule. */
final class TargetWords {
    private static final long ALL = 0xffffffffL;

    private TargetWords() {}

    static List<Statement> read(Words words, Set<String> chains, IpFamily family) {
        int start = words.position();
        String name = words.take();
        if (chains.contains(name)) {
            return List.of(new Statement.Jump(name));
        }
        Map<String, String> options = options(words);
        String text = words.text(start);
        return List.of(
                switch (name) {
                    case "ACCEPT" -> new Statement.Accept();
                    case "DROP" -> new Statement.Drop();
                    case "RETURN" -> new Statement.Return();
                    case "REJECT" -> new Statement.Reject(options.getOrDefault("--reject-with", ""));
                    case "MARK" -> mark(options, text);
                    case "CONNMARK" -> connectionMark(options, text);
                    case "NOTRACK" -> new Statement.NoTrack();
                    case "CT" ->
                        options.containsKey("--notrack") ? new Statement.NoTrack() : new Statement.Nothing(text);
                    case "DNAT" -> dnat(options.getOrDefault("--to-destination", ""), text, family);
                    case "REDIRECT" -> redirect(options, text);
                    case "SNAT" -> new Statement.Snat(options.getOrDefault("--to-source", ""));
                    case "MASQUERADE" -> new Statement.Masquerade();
                    case "NFQUEUE", "QUEUE" -> new Statement.Queue(text, options.containsKey("--queue-bypass"));
                    case "TPROXY" -> new Statement.ToSocket(text);
                    default ->
                        PassingTargets.contains(name) ? new Statement.Nothing(text) : new Statement.UnknownAction(text);
                });
    }

    private static Map<String, String> options(Words words) {
        Map<String, String> options = new LinkedHashMap<>();
        while (words.more()) {
            String option = words.take();
            String value = "";
            if (words.more() && !words.peek().startsWith("--")) {
                value = words.take();
            }
            options.put(option, value);
        }
        return options;
    }

    private static Statement mark(Map<String, String> options, String text) {
        Expression changed = changed(new Field(Kind.MARK), options);
        return changed == null ? new Statement.UnknownAction(text) : new Statement.SetMark(changed);
    }

    private static Statement connectionMark(Map<String, String> options, String text) {
        Field mark = new Field(Kind.MARK);
        Field ofConnection = new Field(Kind.CONNECTION_MARK);
        OptionalLong both = Constants.number(options.getOrDefault("--mask", "0xffffffff"));
        long mask = both.orElse(ALL);
        long nfmask = Constants.number(options.getOrDefault("--nfmask", "")).orElse(mask);
        long ctmask = Constants.number(options.getOrDefault("--ctmask", "")).orElse(mask);
        if (options.containsKey("--save-mark")) {
            return new Statement.SetConnectionMark(copied(ofConnection, ctmask, mark, nfmask));
        }
        if (options.containsKey("--restore-mark")) {
            return new Statement.SetMark(copied(mark, nfmask, ofConnection, ctmask));
        }
        Expression changed = changed(ofConnection, options);
        return changed == null ? new Statement.UnknownAction(text) : new Statement.SetConnectionMark(changed);
    }

    private static Expression copied(Field to, long toMask, Field from, long fromMask) {
        return new Bits(
                new Bits(to, Operation.AND, Matches.constant(~toMask & ALL)),
                Operation.XOR,
                new Bits(from, Operation.AND, Matches.constant(fromMask)));
    }

    /** Returns the new mark as an expression; null if the meaning of the options is unknown. */
    private static @Nullable Expression changed(Field field, Map<String, String> options) {
        for (Map.Entry<String, String> option : options.entrySet()) {
            String value = option.getValue();
            int slash = value.indexOf('/');
            OptionalLong number = Constants.number(slash < 0 ? value : value.substring(0, slash));
            OptionalLong mask = slash < 0 ? OptionalLong.of(ALL) : Constants.number(value.substring(slash + 1));
            if (number.isEmpty() || mask.isEmpty()) {
                continue;
            }
            long bits = number.getAsLong();
            Expression kept = new Bits(field, Operation.AND, Matches.constant(~mask.getAsLong() & ALL));
            switch (option.getKey()) {
                case "--set-xmark" -> {
                    return new Bits(kept, Operation.XOR, Matches.constant(bits));
                }
                case "--set-mark" -> {
                    return new Bits(kept, Operation.OR, Matches.constant(bits));
                }
                case "--and-mark" -> {
                    return new Bits(field, Operation.AND, Matches.constant(bits));
                }
                case "--or-mark" -> {
                    return new Bits(field, Operation.OR, Matches.constant(bits));
                }
                case "--xor-mark" -> {
                    return new Bits(field, Operation.XOR, Matches.constant(bits));
                }
                default -> {}
            }
        }
        return null;
    }

    private static Statement dnat(String to, String text, IpFamily family) {
        boolean bracketed = to.startsWith("[");
        int end = bracketed ? to.indexOf(']') : family == IpFamily.IPV6 ? to.length() : to.indexOf(':');
        if (to.isEmpty() || (bracketed && end < 0)) {
            return new Statement.UnknownAction(text);
        }
        int colon = to.indexOf(':', Math.max(0, end < 0 ? to.length() : end));
        String address = bracketed ? to.substring(1, end) : colon < 0 ? to : to.substring(0, colon);
        String port = colon < 0 ? "" : to.substring(colon + 1);
        return new Statement.Dnat(address.isEmpty() ? null : address(address), port.isEmpty() ? null : port(port));
    }

    private static Statement redirect(Map<String, String> options, String text) {
        String ports = options.getOrDefault("--to-ports", "");
        return options.isEmpty() || !ports.isEmpty() || options.containsKey("--random")
                ? new Statement.Redirect(ports.isEmpty() ? null : port(ports))
                : new Statement.UnknownAction(text);
    }

    private static Expression address(String text) {
        try {
            return new Expression.Constant(new Value.Address(Ip.parse(text)));
        } catch (IllegalArgumentException _) {
            return new Expression.NotUnderstood(text);
        }
    }

    private static Expression port(String text) {
        OptionalLong number = Constants.number(text);
        return number.isPresent() ? Matches.constant(number.getAsLong()) : new Expression.NotUnderstood(text);
    }
}
