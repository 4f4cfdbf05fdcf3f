package io.fairlead.iptables.trace;

import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.rule.Target;
import io.fairlead.iptables.text.CountedRule;
import io.fairlead.iptables.text.RuleWriter;
import java.util.ArrayList;
import java.util.List;

/** One packet's way through one table at one hook, over all random choices. */
final class ChainWalk {
    /** The kernel refuses loops, and our longest way, through a tree, is fifteen chains long. */
    private static final int DEEPEST = 32;

    private final TableRules rules;
    private final Conditions conditions;
    private final Reason reason = new Reason();

    ChainWalk(TableRules rules, Host host) {
        this.rules = rules;
        this.conditions = new Conditions(host);
    }

    List<PathEnd> walk(BuiltInChain hook, Packet packet) {
        return through(hook.name(), rules.jumps(hook), false, packet, 0);
    }

    private List<PathEnd> through(String chain, List<Rule> chainRules, boolean ours, Packet packet, int depth) {
        if (depth > DEEPEST) {
            throw new UnknownRuleException(place(chain), "-j " + chain, "loop of chains");
        }
        List<PathEnd> exits = new ArrayList<>();
        List<Packet> inside = List.of(packet);
        for (int i = 0; i < chainRules.size() && !inside.isEmpty(); i++) {
            Rule.Known rule = known(chainRules.get(i), chain, packet.to().family());
            List<Packet> still = new ArrayList<>();
            for (Packet each : inside) {
                double met = conditions.chance(rule.matches(), each);
                if (met < 1) {
                    still.add(each.withShare(each.share() * (1 - met)));
                }
                if (met > 0) {
                    String why = reason.of(rule, i, chain, chainRules);
                    Packet matched = each.withShare(each.share() * met).met(step(chain, rule, ours, why));
                    obey(rule, chain, matched, depth, exits, still);
                }
            }
            inside = still;
        }
        inside.forEach(each -> exits.add(new PathEnd(PathEnd.How.RETURNED, each)));
        return exits;
    }

    private Rule.Known known(Rule rule, String chain, IpFamily family) {
        return switch (rule) {
            case Rule.Known known -> known;
            case Rule.ForeignRule opaque ->
                CountedRule.uncounted(opaque, family)
                        .orElseThrow(() -> new UnknownRuleException(place(chain), opaque.text(), "rule"));
        };
    }

    /** Does what a rule says with a packet that met it: it either leaves the chain or goes on in it. */
    private void obey(
            Rule.Known rule, String chain, Packet packet, int depth, List<PathEnd> exits, List<Packet> still) {
        switch (rule.target()) {
            case Target.Jump(ChainName name) -> jump(name, rule, chain, packet, depth, exits, still);
            case Target.Dnat(var to) -> exits.add(new PathEnd(PathEnd.How.ACCEPTED, packet.sentTo(to)));
            case Target.Drop _ -> exits.add(new PathEnd(PathEnd.How.DROPPED, packet));
            case Target.Reject _ -> exits.add(new PathEnd(PathEnd.How.REJECTED, packet));
            case Target.Accept _ -> exits.add(new PathEnd(PathEnd.How.ACCEPTED, packet));
            case Target.Return _ -> exits.add(new PathEnd(PathEnd.How.RETURNED, packet));
            case Target.Masquerade _ -> exits.add(new PathEnd(PathEnd.How.ACCEPTED, packet.masquerade()));
            case Target.OrMark(int bits) -> still.add(packet.marked(packet.mark() | bits));
            case Target.XorMark(int bits) -> still.add(packet.marked(packet.mark() ^ bits));
            case Target.Nothing _ -> still.add(packet);
        }
    }

    private void jump(
            ChainName name,
            Rule.Known rule,
            String chain,
            Packet packet,
            int depth,
            List<PathEnd> exits,
            List<Packet> still) {
        Chain target = rules.chains().get(name);
        if (target == null) {
            throw new UnknownRuleException(place(chain), RuleWriter.rule(rule), "chain " + name);
        }
        for (PathEnd exit : through(name.text(), target.rules(), true, packet, depth + 1)) {
            if (exit.how() == PathEnd.How.RETURNED) {
                still.add(exit.packet());
            } else {
                exits.add(exit);
            }
        }
    }

    private TraceStep step(String chain, Rule.Known rule, boolean ours, String why) {
        return new TraceStep(place(chain), ours ? RuleWriter.rule(rule) : RuleWriter.jump(rule), rule.origin(), why);
    }

    private String place(String chain) {
        return rules.table().text() + " " + chain;
    }
}
