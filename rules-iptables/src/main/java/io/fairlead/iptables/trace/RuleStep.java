package io.fairlead.iptables.trace;

import io.fairlead.core.flow.Host;
import io.fairlead.core.trace.ChainWalk;
import io.fairlead.core.trace.HookPoint;
import io.fairlead.core.trace.Packet;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.core.trace.TracedRules;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.rule.Target;
import io.fairlead.iptables.text.RuleWriter;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Computes the effect of iptables rules on a packet, in one address family. */
final class RuleStep implements TracedRules<VisitedChain> {
    private final FamilyRules rules;
    private final Conditions conditions;
    private final Map<HookPoint, List<VisitedChain>> baseChains = new EnumMap<>(HookPoint.class);
    private final Reason reason = new Reason();
    private final Map<Named, Optional<VisitedChain>> named = new HashMap<>();
    /** The texts of the rules that a packet met. A rule is written once, because many packets meet the same rules. */
    private final IdentityHashMap<Rule, String> texts = new IdentityHashMap<>();

    private record Named(String table, String chain) {}

    RuleStep(FamilyRules rules, Host host) {
        this.rules = rules;
        this.conditions = new Conditions(host);
        for (HookPoint hook : HookPoint.values()) {
            baseChains.put(hook, baseChains(hook));
        }
    }

    @Override
    public List<VisitedChain> chainsAt(HookPoint hook) {
        return baseChains.getOrDefault(hook, List.of());
    }

    /**
     * Returns the base chains in the order of the kernel's priorities. Destinations are translated before the filter
     * table sees the packet, and sources are translated after it.
     */
    private List<VisitedChain> baseChains(HookPoint hook) {
        return switch (hook) {
            case PREROUTING -> List.of(baseChain(Table.NAT, BuiltInChain.PREROUTING));
            case INPUT ->
                List.of(baseChain(Table.FILTER, BuiltInChain.INPUT), baseChain(Table.NAT, BuiltInChain.INPUT));
            case FORWARD -> List.of(baseChain(Table.FILTER, BuiltInChain.FORWARD));
            case OUTPUT ->
                List.of(baseChain(Table.NAT, BuiltInChain.OUTPUT), baseChain(Table.FILTER, BuiltInChain.OUTPUT));
            case POSTROUTING -> List.of(baseChain(Table.NAT, BuiltInChain.POSTROUTING));
        };
    }

    private VisitedChain baseChain(Table table, BuiltInChain chain) {
        return new VisitedChain(table, chain.name(), rules.table(table).jumps(chain), true);
    }

    /** Returns true. Other programs set the policy of the built-in chains; it is assumed to be ACCEPT. */
    @Override
    public boolean accepts(VisitedChain builtIn) {
        return true;
    }

    @Override
    public int ruleCount(VisitedChain chain) {
        return chain.rules().size();
    }

    @Override
    public UnknownRuleException loop(VisitedChain chain) {
        return new UnknownRuleException(chain.place(), "-j " + chain.name(), "loop of chains");
    }

    @Override
    public void step(ChainWalk<VisitedChain> walk, int index, Packet packet) {
        VisitedChain chain = walk.chain();
        Rule.Known rule = known(chain.rules().get(index), chain);
        double chance = conditions.chance(rule.matches(), packet);
        if (chance < 1) {
            walk.next(packet.withChance(1 - chance));
        }
        if (chance > 0) {
            String why = reason.of(rule, index, chain.name(), chain.rules());
            String text =
                    texts.computeIfAbsent(rule, _ -> chain.builtIn() ? RuleWriter.jump(rule) : RuleWriter.rule(rule));
            obey(rule, walk, packet.withChance(chance).met(new TraceStep(chain.place(), text, rule.origin(), why)));
        }
    }

    private static Rule.Known known(Rule rule, VisitedChain chain) {
        return switch (rule) {
            case Rule.Known known -> known;
            case Rule.Unread _ -> throw new UnknownRuleException(chain.place(), "iptables cannot show them", "rules");
            case Rule.ForeignRule foreign -> throw new UnknownRuleException(chain.place(), foreign.text(), "rule");
        };
    }

    private void obey(Rule.Known rule, ChainWalk<VisitedChain> walk, Packet packet) {
        switch (rule.target()) {
            case Target.Jump(ChainName name) -> walk.jump(chain(name, rule, walk.chain()), packet);
            case Target.Dnat(var to) -> walk.decided(packet.sentTo(to));
            case Target.Drop _ -> walk.drops(packet);
            case Target.Reject _ -> walk.rejects(packet);
            case Target.Accept _ ->
                // In nat, ACCEPT only means that the packet is not translated. The filter table sees the packet later.
                walk.decided(walk.chain().table() == Table.FILTER ? packet.accept() : packet);
            case Target.Return _ -> walk.returns(packet);
            case Target.Masquerade _ -> walk.decided(packet.masquerade());
            case Target.OrMark(int bits) -> walk.next(packet.withMark(packet.mark() | bits));
            case Target.XorMark(int bits) -> walk.next(packet.withMark(packet.mark() ^ bits));
            case Target.Nothing _ -> walk.next(packet);
        }
    }

    /**
     * Returns one of Fairlead's chains; empty if the chain does not exist, or if its rules were not read completely.
     * The chain that is shared with kubelet is never returned, because it has rules that do not belong to Fairlead and
     * were not read.
     */
    Optional<VisitedChain> named(String tableName, String chainName) {
        return named.computeIfAbsent(new Named(tableName, chainName), _ -> find(tableName, chainName));
    }

    private Optional<VisitedChain> find(String tableName, String chainName) {
        if (chainName.equals(ChainName.KUBELET_FIREWALL.text())) {
            return Optional.empty();
        }
        for (Table table : Table.values()) {
            if (table.text().equals(tableName) && table.ownsNamed(chainName)) {
                Chain chain = rules.table(table).chains().get(new ChainName(chainName));
                if (chain != null && chain.rules().stream().noneMatch(Rule.Unread.class::isInstance)) {
                    return Optional.of(new VisitedChain(table, chainName, chain.rules(), false));
                }
            }
        }
        return Optional.empty();
    }

    private VisitedChain chain(ChainName name, Rule.Known rule, VisitedChain from) {
        TableRules table = rules.table(from.table());
        Chain chain = table.chains().get(name);
        if (chain == null) {
            throw new UnknownRuleException(from.place(), RuleWriter.rule(rule), "chain " + name);
        }
        return new VisitedChain(from.table(), name.text(), chain.rules(), false);
    }
}
