package io.fairlead.agent.compare;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Frontend;
import io.fairlead.iptables.IptablesRuleset;
import io.fairlead.iptables.dispatch.LinearChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.rule.Target;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What each frontend leads to under rules in kube-proxy's chains: flat as kube-proxy writes them, or behind a tree of chains.
 * The first rule for a frontend counts.
 */
final class IptablesFrontends {
    private static final List<ChainName> REFUSING = List.of(ChainName.SERVICES, ChainName.EXTERNAL_SERVICES);

    private final IpFamily family;
    private final TableRules nat;
    private final TableRules filter;
    private final SortedMap<FrontendId, Reached> found;
    private final Map<ChainName, Set<IpPort>> endpoints = new HashMap<>();

    private IptablesFrontends(FamilyRules rules, SortedMap<FrontendId, Reached> found) {
        this.family = rules.family();
        this.nat = rules.table(Table.NAT);
        this.filter = rules.table(Table.FILTER);
        this.found = found;
    }

    static SortedMap<FrontendId, Reached> of(IptablesRuleset ruleset) {
        SortedMap<FrontendId, Reached> found = new TreeMap<>();
        ruleset.families().values().forEach(rules -> new IptablesFrontends(rules, found).read());
        return found;
    }

    private void read() {
        dispatch(ChainName.SERVICES, null, new HashSet<>());
        for (ChainName name : REFUSING) {
            LinearChain.of(name, this::rulesOfFilter).forEach(this::refusal);
        }
    }

    private List<Rule> rulesOfFilter(ChainName name) {
        Chain chain = filter.chains().get(name);
        return chain == null ? List.of() : chain.rules();
    }

    /** @param address that the packets of this chain go to; null if there are several, or those of the node */
    private void dispatch(ChainName name, @Nullable Ip address, Set<ChainName> under) {
        Chain chain = nat.chains().get(name);
        if (chain == null || !under.add(name)) {
            return;
        }
        for (Rule rule : chain.rules()) {
            ChainName to = rule.leadsTo();
            if (to != null && rule instanceof Rule.Known known) {
                Conditions conditions = Conditions.of(known);
                Ip here = conditions.address() == null ? address : conditions.address();
                Frontend.Key key = conditions.key(here);
                if (key != null) {
                    found.computeIfAbsent(
                            new FrontendId(family, key), _ -> Reached.NOTHING.and(endpointsUnder(to, new HashSet<>())));
                } else {
                    dispatch(to, to.equals(ChainName.NODE_PORTS) ? null : here, under);
                }
            }
        }
        under.remove(name);
    }

    private void refusal(Rule rule) {
        if (rule instanceof Rule.Known known) {
            Conditions conditions = Conditions.of(known);
            Frontend.Key key = conditions.key(conditions.address());
            Reached.Refusal refusal = switch (known.target()) {
                case Target.Reject _ -> Reached.Refusal.REJECT;
                case Target.Drop _ -> Reached.Refusal.DROP;
                case Target.Jump _,
                        Target.Dnat _,
                        Target.Accept _,
                        Target.Return _,
                        Target.Masquerade _,
                        Target.OrMark _,
                        Target.XorMark _,
                        Target.Nothing _ -> Reached.Refusal.NONE;
            };
            if (key != null && refusal != Reached.Refusal.NONE) {
                found.merge(
                        new FrontendId(family, key),
                        new Reached(List.of(), refusal),
                        (before, now) -> before.and(now.refusal()));
            }
        }
    }

    private Set<IpPort> endpointsUnder(ChainName name, Set<ChainName> under) {
        Set<IpPort> known = endpoints.get(name);
        Chain chain = nat.chains().get(name);
        if (known != null || chain == null || !under.add(name)) {
            return known == null ? Set.of() : known;
        }
        Set<IpPort> all = new TreeSet<>();
        for (Rule rule : chain.rules()) {
            if (rule instanceof Rule.Known(var _, Target.Dnat(IpPort to), var _, var _)) {
                all.add(to);
            }
            ChainName next = rule.leadsTo();
            if (next != null) {
                all.addAll(endpointsUnder(next, under));
            }
        }
        under.remove(name);
        endpoints.put(name, all);
        return all;
    }

    /** What of a rule's conditions says which frontend it is for. */
    private record Conditions(
            @Nullable Ip address, @Nullable Protocol protocol, int port) {

        static Conditions of(Rule.Known rule) {
            Ip address = null;
            Protocol protocol = null;
            int port = 0;
            for (Match match : rule.matches()) {
                if (match instanceof Match.Destination(Cidr cidr, boolean negated)
                        && !negated
                        && cidr.prefixLength() == cidr.family().bits()) {
                    address = cidr.network();
                } else if (match instanceof Match.IsProtocol(Protocol is)) {
                    protocol = is;
                } else if (match instanceof Match.DestinationPort(int number)) {
                    port = number;
                }
            }
            return new Conditions(address, protocol, port);
        }

        Frontend.@Nullable Key key(@Nullable Ip at) {
            if (protocol == null || port == 0) {
                return null;
            }
            return at == null ? new Frontend.Key.Node(protocol, port) : new Frontend.Key.Vip(at, protocol, port);
        }
    }
}
