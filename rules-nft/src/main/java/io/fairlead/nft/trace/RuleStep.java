package io.fairlead.nft.trace;

import io.fairlead.core.flow.Host;
import io.fairlead.core.trace.ChainWalk;
import io.fairlead.core.trace.HookPoint;
import io.fairlead.core.trace.Packet;
import io.fairlead.core.trace.TracedRules;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Hook;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.FamilyText;
import io.fairlead.nft.text.KubeProxyRule;
import io.fairlead.nft.text.RuleText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Computes the effect of an nftables rule on a packet, one statement after the other. */
final class RuleStep implements TracedRules<Chain> {
    private final Table table;
    private final Host host;
    private final Map<HookPoint, List<Chain>> baseChains = new EnumMap<>(HookPoint.class);
    /** Rules that only kube-proxy writes, by text. Each is parsed only once. */
    private final Map<String, List<KubeProxyRule.Clause>> ofKubeProxy = new HashMap<>();

    /** The texts of the rules that a packet met. A rule is written once, because many packets meet the same rules. */
    private final IdentityHashMap<Rule, String> texts = new IdentityHashMap<>();

    RuleStep(Table table, Host host) {
        this.table = table;
        this.host = host;
        table.chains().values().stream()
                .filter(chain -> chain.hook() != null)
                .sorted(Comparator.comparingInt(RuleStep::priority))
                .forEach(chain -> baseChains
                        .computeIfAbsent(point(chain), _ -> new ArrayList<>())
                        .add(chain));
    }

    private static int priority(Chain base) {
        return hook(base).priority();
    }

    private static HookPoint point(Chain base) {
        return switch (hook(base).point()) {
            case PREROUTING -> HookPoint.PREROUTING;
            case INPUT -> HookPoint.INPUT;
            case FORWARD -> HookPoint.FORWARD;
            case OUTPUT -> HookPoint.OUTPUT;
            case POSTROUTING -> HookPoint.POSTROUTING;
        };
    }

    private static Hook hook(Chain base) {
        return Objects.requireNonNull(base.hook());
    }

    @Override
    public List<Chain> chainsAt(HookPoint hook) {
        return baseChains.getOrDefault(hook, List.of());
    }

    @Override
    public boolean accepts(Chain base) {
        return hook(base).accepts();
    }

    @Override
    public int ruleCount(Chain chain) {
        return chain.rules().size();
    }

    @Override
    public UnknownRuleException loop(Chain chain) {
        return new UnknownRuleException(place(chain), "jump " + chain.name(), "loop of chains");
    }

    @Override
    public void step(ChainWalk<Chain> walk, int index, Packet packet) {
        Rule rule = walk.chain().rules().get(index);
        try {
            new StatementWalk(this, walk, rule).run(packet);
        } catch (IllegalArgumentException e) {
            String text = RuleText.write(rule, table.family());
            throw new UnknownRuleException(place(walk.chain()), text, String.valueOf(e.getMessage()));
        }
    }

    Host host() {
        return host;
    }

    List<KubeProxyRule.Clause> ofKubeProxy(String text) {
        return ofKubeProxy.computeIfAbsent(text, _ -> KubeProxyRule.parse(text, table.family()));
    }

    /** Returns the text of a rule without its comment. */
    String text(Rule rule) {
        return texts.computeIfAbsent(
                rule, each -> RuleText.write(new Rule(each.statements(), Comment.NONE), table.family()));
    }

    String place(Chain chain) {
        return FamilyText.of(table.family()) + " " + Table.NAME + " " + chain.name();
    }

    NamedSet set(SetName name) {
        NamedSet set = table.sets().get(name);
        if (set == null) {
            throw new IllegalArgumentException("set " + name);
        }
        return set;
    }

    Chain chain(ChainName name) {
        Chain chain = table.chains().get(name);
        if (chain == null) {
            throw new IllegalArgumentException("chain " + name);
        }
        return chain;
    }
}
