package io.fairlead.nft.layout;

import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Hook;
import io.fairlead.nft.rule.Hook.Point;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.Statement;
import io.fairlead.nft.rule.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The base chains, and the chains of rules for new packets to which they lead (NFT-2, NFT-5).
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>The kernel calls a base chain for every packet, also for the packets of connections about which everything is
 *       decided. A base chain therefore exists only if there is a {@link Need} for it (NFT-5).
 *   <li>A base chain of type filter has one rule, which leads new packets to another chain. A packet of an established
 *       connection costs one comparison in each base chain. The kernel calls base chains of type nat only for new
 *       connections.
 *   <li>The rules of the other chain also depend on the needs, because a new packet pays for each of them.
 *   <li>The rules do not depend on the node, so a table shows for which needs it has chains.
 *   <li>The filter chains of kube-proxy and of older Fairlead releases lead to the other chain with {@code jump}. The
 *       {@code goto} in the chains of this class has the same effect. A diff sees the difference in the rule, and
 *       replaces the older chains.
 * </ol>
 */
public final class Hooks {
    private static final Statement NEW = new Statement.NewConnection();

    private static final List<BaseChain> BASE_CHAINS = List.of(
            filter(Names.FILTER_PREROUTING, Point.PREROUTING, -110, Names.FIREWALL_CHECK, Need.SOURCE_RANGES),
            filter(Names.FILTER_OUTPUT_EARLY, Point.OUTPUT, -110, Names.FIREWALL_CHECK, Need.SOURCE_RANGES),
            filter(Names.FILTER_INPUT, Point.INPUT, 0, Names.INPUT_CHECK, Need.AFFINITY, Need.NO_ENDPOINTS),
            filter(
                    Names.FILTER_FORWARD,
                    Point.FORWARD,
                    0,
                    Names.FORWARD_CHECK,
                    Need.AFFINITY,
                    Need.NO_ENDPOINTS,
                    Need.CLUSTER_IPS),
            filter(
                    Names.FILTER_OUTPUT,
                    Point.OUTPUT,
                    0,
                    Names.FORWARD_CHECK,
                    Need.AFFINITY,
                    Need.NO_ENDPOINTS,
                    Need.CLUSTER_IPS),
            nat(Names.NAT_PREROUTING, Point.PREROUTING, -100, Names.SERVICES),
            nat(Names.NAT_OUTPUT, Point.OUTPUT, -100, Names.SERVICES),
            nat(Names.NAT_POSTROUTING, Point.POSTROUTING, 100, Names.MASQUERADING));

    private static final Rule LEARN =
            Rule.of(new Statement.DestinationTranslated(), new Statement.Decide(new Verdict.Jump(Names.LEARN)));

    /** The rules for new packets, in order. */
    private static final List<Check> CHECKS = List.of(
            new Check(Names.INPUT_CHECK, Need.AFFINITY, LEARN),
            new Check(Names.INPUT_CHECK, Need.NO_ENDPOINTS, jump(Names.NODE_PORT_ENDPOINTS_CHECK)),
            new Check(Names.INPUT_CHECK, Need.NO_ENDPOINTS, jump(Names.SERVICE_ENDPOINTS_CHECK)),
            new Check(Names.FORWARD_CHECK, Need.AFFINITY, LEARN),
            new Check(Names.FORWARD_CHECK, Need.NO_ENDPOINTS, jump(Names.SERVICE_ENDPOINTS_CHECK)),
            new Check(Names.FORWARD_CHECK, Need.CLUSTER_IPS, jump(Names.CLUSTER_IPS_CHECK)));

    /** The results of {@link #chains}. There are few sets of needs, and every change asks for one of them. */
    private static final ConcurrentMap<Set<Need>, List<Chain>> CHAINS = new ConcurrentHashMap<>();

    private Hooks() {}

    /** A base chain with its only rule. A table has this chain if at least one of the needs exists. */
    private record BaseChain(Chain chain, Set<Need> needs) {}

    /** A rule for new packets. A table has this rule if the need exists. */
    private record Check(ChainName chain, Need need, Rule rule) {}

    /**
     * Returns the base chains and the chains of rules for new packets that exist for these needs. They lead to chains
     * that exist in every table.
     */
    public static List<Chain> chains(Set<Need> needs) {
        List<Chain> known = CHAINS.get(needs);
        return known == null ? CHAINS.computeIfAbsent(Set.copyOf(needs), Hooks::computed) : known;
    }

    private static List<Chain> computed(Set<Need> needs) {
        List<Chain> chains = new ArrayList<>();
        SortedMap<ChainName, List<Rule>> checks = new TreeMap<>();
        for (BaseChain base : BASE_CHAINS) {
            if (base.needs().stream().anyMatch(needs::contains)) {
                chains.add(base.chain());
            }
        }
        for (Check check : CHECKS) {
            if (needs.contains(check.need())) {
                checks.computeIfAbsent(check.chain(), _ -> new ArrayList<>()).add(check.rule());
            }
        }
        checks.forEach((name, rules) -> chains.add(new Chain(name, null, Comment.NONE, rules)));
        return List.copyOf(chains);
    }

    /** Returns the needs for which a table has all base chains and all rules for new packets. */
    public static Set<Need> served(Map<ChainName, Chain> chains) {
        // Every change calls this method twice, so it has no streams.
        Set<Need> served = EnumSet.allOf(Need.class);
        for (BaseChain base : BASE_CHAINS) {
            if (!isThere(base.chain(), chains)) {
                served.removeAll(base.needs());
            }
        }
        for (Check check : CHECKS) {
            if (!isThere(check, chains)) {
                served.remove(check.need());
            }
        }
        return served;
    }

    private static boolean isThere(Chain base, Map<ChainName, Chain> chains) {
        Chain there = chains.get(base.name());
        return there != null
                && Objects.equals(there.hook(), base.hook())
                && there.rules().equals(base.rules());
    }

    private static boolean isThere(Check check, Map<ChainName, Chain> chains) {
        Chain there = chains.get(check.chain());
        return there != null && there.rules().contains(check.rule());
    }

    private static BaseChain filter(ChainName name, Point point, int priority, ChainName to, Need... needs) {
        Rule rule = Rule.of(NEW, new Statement.Decide(new Verdict.Goto(to)));
        return new BaseChain(base(name, new Hook(Hook.Type.FILTER, point, priority), rule), Set.of(needs));
    }

    private static BaseChain nat(ChainName name, Point point, int priority, ChainName to) {
        return new BaseChain(base(name, new Hook(Hook.Type.NAT, point, priority), jump(to)), Set.of(Need.TRANSLATION));
    }

    private static Chain base(ChainName name, Hook hook, Rule rule) {
        return new Chain(name, hook, Comment.NONE, List.of(rule));
    }

    private static Rule jump(ChainName chain) {
        return Rule.of(new Statement.Decide(new Verdict.Jump(chain)));
    }
}
