package io.fairlead.iptables.text;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.Refusal;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Comment;
import io.fairlead.iptables.rule.ConnectionState;
import io.fairlead.iptables.rule.CounterName;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Probability;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.rule.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes rules in the form in which kube-proxy passes them to iptables-restore: with the same options in the same order
 * (IPT-1 to IPT-18).
 */
public final class RuleWriter {
    private static final Comparator<Chain> CHAINS_OF_SERVICES = Comparator.comparing(Chain::origin)
            .thenComparing(RuleWriter::kind, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Chain::name);

    private RuleWriter() {}

    /** Returns the text of a rule in one of Fairlead's chains, without "-A chain". The comment comes first. */
    public static String rule(Rule rule) {
        return written(rule, true);
    }

    /**
     * Returns the text of a rule in a built-in chain, without "-A chain". The comment comes after the conditions
     * (IPT-1).
     */
    public static String jump(Rule rule) {
        return written(rule, false);
    }

    /** Returns a rule in a built-in chain as a list of command-line words. */
    public static List<String> jumpWords(Rule rule) {
        Tokens tokens = Tokens.of(jump(rule), 0);
        List<String> words = new ArrayList<>();
        while (tokens.more()) {
            words.add(tokens.take());
        }
        return words;
    }

    /**
     * Writes the rules of one family as one input for iptables-restore. The text is sorted, so equal rules have equal
     * texts.
     */
    public static void write(FamilyRules rules, StringBuilder out) {
        for (Table table : Table.values()) {
            write(rules.table(table), out);
        }
    }

    private static void write(TableRules rules, StringBuilder out) {
        if (rules.chains().isEmpty() && rules.jumps().isEmpty()) {
            return;
        }
        out.append('*').append(rules.table().text()).append('\n');
        List<Chain> chains = inReadingOrder(rules.table(), rules.chains().values());
        for (Chain chain : chains) {
            out.append(declaration(chain.name())).append('\n');
        }
        for (BuiltInChain from : rules.jumps().keySet()) {
            for (Rule rule : rules.jumps(from)) {
                out.append("-A ").append(from).append(' ').append(jump(rule)).append('\n');
            }
        }
        for (Chain chain : chains) {
            for (Rule rule : chain.isRead() ? chain.rules() : List.<Rule>of()) {
                out.append("-A ").append(chain.name().text()).append(' ');
                append(out, rule, true);
                out.append('\n');
            }
        }
        out.append("COMMIT\n");
    }

    /**
     * Returns the chains in the order for people: the fixed chains in the order of kube-proxy, and then the other
     * chains, grouped by Service.
     */
    public static List<Chain> inReadingOrder(Table table, Collection<Chain> chains) {
        List<Chain> ordered = new ArrayList<>(chains.size());
        for (ChainName name : table.fixedChains()) {
            chains.stream().filter(chain -> chain.name().equals(name)).forEach(ordered::add);
        }
        chains.stream()
                .filter(chain -> !table.fixedChains().contains(chain.name()))
                .sorted(CHAINS_OF_SERVICES)
                .forEach(ordered::add);
        return ordered;
    }

    /** Returns the line that creates a chain. If the chain exists, the line removes all its rules. */
    public static String declaration(ChainName chain) {
        return ":" + chain.text() + " - [0:0]";
    }

    private static ChainName.@Nullable Kind kind(Chain chain) {
        for (ChainName.Kind kind : ChainName.Kind.values()) {
            if (chain.name().is(kind)) {
                return kind;
            }
        }
        return null;
    }

    private static String written(Rule rule, boolean commentFirst) {
        StringBuilder out = new StringBuilder(160);
        append(out, rule, commentFirst);
        return out.toString();
    }

    /** Appends the text of a rule, without "-A chain". */
    static void append(StringBuilder out, Rule rule, boolean commentFirst) {
        switch (rule) {
            case Rule.ForeignRule(String text, Origin _) -> out.append(text);
            case Rule.Unread _ -> out.append("(rules that iptables cannot show)");
            case Rule.Known(List<Match> matches, Target target, Comment comment, Origin _) -> {
                int start = out.length();
                if (commentFirst) {
                    append(out, comment);
                }
                for (Match match : matches) {
                    append(out, match);
                }
                if (!commentFirst) {
                    append(out, comment);
                }
                append(out, target);
                if (out.length() > start) {
                    out.setLength(out.length() - 1);
                }
            }
        }
    }

    private static void append(StringBuilder out, Comment comment) {
        if (!comment.isEmpty()) {
            boolean quoted = comment.text().indexOf(' ') >= 0;
            words(out, "-m comment --comment", quoted ? "\"" + comment.text() + "\"" : comment.text());
        }
    }

    private static void append(StringBuilder out, Match match) {
        switch (match) {
            case Match.RecentCheck(ChainName list, int seconds) ->
                words(out, "-m recent --name", list.text(), "--rcheck --seconds", Integer.toString(seconds), "--reap");
            case Match.RecentSet(ChainName list) -> words(out, "-m recent --name", list.text(), "--set");
            case Match.Random(Probability probability) ->
                words(out, "-m statistic --mode random --probability", probability.text());
            case Match.Mark(int mark, int mask, boolean negated) ->
                words(out, negated ? "-m mark ! --mark" : "-m mark --mark", hex(mark) + "/" + hex(mask));
            case Match.SourceIsLocal _ -> words(out, "-m addrtype --src-type LOCAL");
            case Match.DestinationIsLocal _ -> words(out, "-m addrtype --dst-type LOCAL");
            case Match.IsProtocol(Protocol protocol) -> words(out, "-m", protocol.text(), "-p", protocol.text());
            case Match.Destination(Cidr cidr, boolean negated) -> words(out, negated ? "! -d" : "-d", address(cidr));
            case Match.DestinationPort(int port) -> words(out, "--dport", Integer.toString(port));
            case Match.DestinationPorts(int first, int last) -> words(out, "--dport", first + ":" + last);
            case Match.Source(Cidr cidr, boolean negated) -> words(out, negated ? "! -s" : "-s", address(cidr));
            case Match.InInterface(InterfaceName name, boolean prefix, boolean negated) ->
                words(out, negated ? "! -i" : "-i", prefix ? name.text() + "+" : name.text());
            case Match.Tracked(Set<ConnectionState> states, boolean negated) ->
                words(out, negated ? "-m conntrack ! --ctstate" : "-m conntrack --ctstate", stateList(states));
            case Match.Counted(CounterName counter) -> words(out, "-m nfacct --nfacct-name", counter.text());
        }
    }

    private static void append(StringBuilder out, Target target) {
        switch (target) {
            case Target.Jump(ChainName chain) -> words(out, "-j", chain.text());
            case Target.Dnat(var to) -> words(out, "-j DNAT --to-destination", to.text());
            case Target.Drop _ -> words(out, "-j DROP");
            case Target.Reject(Refusal with) ->
                words(
                        out,
                        switch (with) {
                            case PORT_UNREACHABLE -> "-j REJECT";
                            case TCP_RESET -> "-j REJECT --reject-with tcp-reset";
                        });
            case Target.Accept _ -> words(out, "-j ACCEPT");
            case Target.Return _ -> words(out, "-j RETURN");
            case Target.Masquerade(boolean randomFully) ->
                words(out, randomFully ? "-j MASQUERADE --random-fully" : "-j MASQUERADE");
            case Target.OrMark(int bits) -> words(out, "-j MARK --or-mark", hex(bits));
            case Target.XorMark(int bits) -> words(out, "-j MARK --xor-mark", hex(bits));
            case Target.Nothing _ -> {}
        }
    }

    private static String address(Cidr cidr) {
        return cidr.prefixLength() == cidr.family().bits() ? cidr.network().text() : cidr.text();
    }

    private static String hex(int bits) {
        String digits = Integer.toHexString(bits);
        return "0x" + "0".repeat(8 - digits.length()) + digits;
    }

    private static String stateList(Set<ConnectionState> states) {
        StringBuilder out = new StringBuilder();
        for (ConnectionState state : states) {
            out.append(out.isEmpty() ? "" : ",").append(state);
        }
        return out.toString();
    }

    private static void words(StringBuilder out, String... words) {
        for (String word : words) {
            out.append(word).append(' ');
        }
    }
}
