package io.fairlead.iptables.text;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.Refusal;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Comment;
import io.fairlead.iptables.rule.ConnectionState;
import io.fairlead.iptables.rule.CounterName;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Probability;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Target;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses a rule that {@link RuleWriter} wrote or that iptables-save printed (1.8.9; both variants print the same). Any
 * other rule becomes a {@link Rule.ForeignRule}. Use one reader for all rules of a text: it stores the addresses and
 * names that it has parsed, because they occur many times.
 */
final class RuleReader {
    private static final Set<String> MODULES =
            Set.of("comment", "tcp", "udp", "sctp", "addrtype", "conntrack", "mark", "nfacct", "recent", "statistic");

    private final IpFamily family;
    private final Map<String, ChainName> names = new HashMap<>();
    private final Map<String, Cidr> cidrs = new HashMap<>();
    private final Map<String, Comment> comments = new HashMap<>();

    RuleReader(IpFamily family) {
        this.family = family;
    }

    /** Thrown for a part of a rule that the types of {@code rule} cannot express. */
    private static final class NotOurs extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotOurs(String what) {
            super(what, null, false, false);
        }
    }

    /** Parses the rule that begins at index {@code from} of the line. */
    Rule read(String line, int from, Origin origin) {
        try {
            return new Parse(Tokens.of(line, from)).rule(origin);
        } catch (NotOurs | IllegalArgumentException | ArithmeticException e) {
            return new Rule.ForeignRule(line.substring(from), origin);
        }
    }

    ChainName name(String text) {
        return names.computeIfAbsent(text, ChainName::new);
    }

    /** Parses the words of one rule. */
    private final class Parse {
        private final Tokens words;
        private final List<Match> matches = new ArrayList<>(6);
        private Comment comment = Comment.NONE;
        private Target target = new Target.Nothing();
        private @Nullable ChainName recentList;
        private boolean recentSet;
        private boolean recentCheck;
        private boolean reap;
        private int seconds;

        Parse(Tokens words) {
            this.words = words;
        }

        Rule.Known rule(Origin origin) {
            while (words.more()) {
                String word = words.take();
                boolean negated = word.equals("!");
                option(negated ? words.take() : word, negated);
            }
            addRecent();
            return new Rule.Known(matches, target, comment, origin);
        }

        private void option(String option, boolean negated) {
            switch (option) {
                case "-s" -> matches.add(new Match.Source(cidr(), negated));
                case "-d" -> matches.add(new Match.Destination(cidr(), negated));
                case "-i" -> matches.add(inInterface(negated));
                case "--mark" -> matches.add(mark(negated));
                case "--ctstate" -> matches.add(new Match.Tracked(states(), negated));
                default -> {
                    if (negated) {
                        throw new NotOurs(option);
                    }
                    plainOption(option);
                }
            }
        }

        private void plainOption(String option) {
            switch (option) {
                case "-m" -> expect(MODULES);
                case "-p" -> matches.add(new Match.IsProtocol(protocol()));
                case "--dport" -> matches.add(ports(words.take()));
                case "--comment" -> comment = comments.computeIfAbsent(words.take(), Comment::new);
                case "--src-type" -> local(new Match.SourceIsLocal());
                case "--dst-type" -> local(new Match.DestinationIsLocal());
                case "--mode" -> expect(Set.of("random"));
                case "--probability" -> matches.add(new Match.Random(Probability.parse(words.take())));
                case "--nfacct-name" -> matches.add(new Match.Counted(new CounterName(words.take())));
                case "-j" -> target(words.take());
                default -> recentOption(option);
            }
        }

        private void recentOption(String option) {
            switch (option) {
                case "--name" -> recentList = name(words.take());
                case "--set" -> recentSet = true;
                case "--rcheck" -> recentCheck = true;
                case "--reap" -> reap = true;
                case "--seconds" -> seconds = number(Integer.MAX_VALUE);
                case "--rsource" -> {}
                case "--mask" ->
                    expect(Set.of(
                            family == IpFamily.IPV4 ? "255.255.255.255" : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
                default -> throw new NotOurs(option);
            }
        }

        private void addRecent() {
            if (recentList == null) {
                return;
            }
            if (recentCheck && reap && seconds > 0 && !recentSet) {
                matches.add(new Match.RecentCheck(recentList, seconds));
            } else if (recentSet && !recentCheck && !reap && seconds == 0) {
                matches.add(new Match.RecentSet(recentList));
            } else {
                throw new NotOurs("recent");
            }
        }

        private void target(String name) {
            target = switch (name) {
                case "DROP" -> new Target.Drop();
                case "ACCEPT" -> new Target.Accept();
                case "RETURN" -> new Target.Return();
                case "REJECT" -> reject();
                case "DNAT" -> dnat();
                case "MASQUERADE" -> masquerade();
                case "MARK" -> setMark();
                default -> new Target.Jump(name(name));
            };
        }

        private Target reject() {
            if (words.more()) {
                expect(Set.of("--reject-with"));
                String unreachable = family == IpFamily.IPV4 ? "icmp-port-unreachable" : "icmp6-port-unreachable";
                String with = words.take();
                if (with.equals("tcp-reset")) {
                    return new Target.Reject(Refusal.TCP_RESET);
                }
                if (!with.equals(unreachable)) {
                    throw new NotOurs(with);
                }
            }
            return new Target.Reject(Refusal.PORT_UNREACHABLE);
        }

        private Target dnat() {
            expect(Set.of("--to-destination"));
            return new Target.Dnat(IpPort.parse(words.take()));
        }

        private Target masquerade() {
            boolean randomFully = words.more();
            if (randomFully) {
                expect(Set.of("--random-fully"));
            }
            return new Target.Masquerade(randomFully);
        }

        /**
         * Parses the target MARK. "--set-xmark value/mask" clears the bits of the mask, and then flips the bits of the
         * value. "--or-mark" and "--xor-mark" are special cases of "--set-xmark".
         */
        private Target setMark() {
            String operation = words.take();
            if (operation.equals("--or-mark")) {
                return new Target.OrMark(bits(words.take()));
            }
            if (operation.equals("--xor-mark")) {
                return new Target.XorMark(bits(words.take()));
            }
            String[] parts = words.take().split("/", -1);
            if (!operation.equals("--set-xmark") || parts.length != 2) {
                throw new NotOurs(operation);
            }
            int value = bits(parts[0]);
            int mask = bits(parts[1]);
            if (mask == 0) {
                return new Target.XorMark(value);
            }
            if (mask == value) {
                return new Target.OrMark(value);
            }
            throw new NotOurs(operation);
        }

        private Match mark(boolean negated) {
            String[] parts = words.take().split("/", -1);
            return new Match.Mark(bits(parts[0]), parts.length == 2 ? bits(parts[1]) : -1, negated);
        }

        private Match inInterface(boolean negated) {
            String name = words.take();
            boolean prefix = name.endsWith("+");
            return new Match.InInterface(
                    new InterfaceName(prefix ? name.substring(0, name.length() - 1) : name), prefix, negated);
        }

        private Set<ConnectionState> states() {
            Set<ConnectionState> states = EnumSet.noneOf(ConnectionState.class);
            for (String state : words.take().split(",", -1)) {
                states.add(ConnectionState.valueOf(state));
            }
            return states;
        }

        private void local(Match match) {
            expect(Set.of("LOCAL"));
            matches.add(match);
        }

        private Protocol protocol() {
            return switch (words.take()) {
                case "tcp" -> Protocol.TCP;
                case "udp" -> Protocol.UDP;
                case "sctp" -> Protocol.SCTP;
                default -> throw new NotOurs("protocol");
            };
        }

        private Cidr cidr() {
            return cidrs.computeIfAbsent(
                    words.take(), text -> text.indexOf('/') < 0 ? Cidr.ofHost(Ip.parse(text)) : Cidr.parse(text));
        }

        /**
         * Parses "80" or "0:4095". The tools may leave out the first port if it is 0, and the last port if it is 65535.
         */
        private static Match ports(String text) {
            int colon = text.indexOf(':');
            if (colon < 0) {
                return new Match.DestinationPort(inRange(text, 65535));
            }
            String first = text.substring(0, colon);
            String last = text.substring(colon + 1);
            return new Match.DestinationPorts(
                    first.isEmpty() ? 0 : Integer.parseInt(first), last.isEmpty() ? 65535 : Integer.parseInt(last));
        }

        private int number(int max) {
            return inRange(words.take(), max);
        }

        private static int inRange(String text, int max) {
            int number = Integer.parseInt(text);
            if (number < 1 || number > max) {
                throw new NotOurs("number");
            }
            return number;
        }

        private static int bits(String text) {
            if (!text.startsWith("0x")) {
                throw new NotOurs("mark");
            }
            return Integer.parseUnsignedInt(text, 2, text.length(), 16);
        }

        private void expect(Set<String> allowed) {
            String word = words.take();
            if (!allowed.contains(word)) {
                throw new NotOurs(word);
            }
        }
    }
}
