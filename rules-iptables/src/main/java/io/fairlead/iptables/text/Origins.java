package io.fairlead.iptables.text;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.iptables.dispatch.LinearChain;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Comment;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.rule.Target;
import io.fairlead.iptables.text.SaveReader.TableBeingRead;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the Service port for each rule that was read from the kernel. The comments contain the Service port without its
 * protocol. Therefore the protocol is taken from the rule, or from the name of the chain, which is a hash of Service
 * port and protocol. The chains of a Service port are the chains to which its rules lead. If no rule leads to a chain,
 * the comments in the chain may still contain the Service port.
 */
final class Origins {
    private static final Origin NODE = new Origin.Node();
    private static final List<String> SUFFIXES = List.of(
            " cluster IP",
            " external IP",
            " loadbalancer IP",
            " has no endpoints",
            " has no local endpoints",
            " health check node port",
            " external destinations",
            " will be dropped by KUBE-PROXY-FIREWALL");
    private static final String OTHER_TRAFFIC = "other traffic to ";
    private static final List<String> PREFIXES = List.of(
            "masquerade traffic for ", "pod traffic for ", "masquerade LOCAL traffic for ", "route LOCAL traffic for ");

    private final Map<Table, TableBeingRead> tables;
    private final Map<ChainName, Origin> ofChains = new HashMap<>();
    private final Map<String, ServicePortName> byText = new HashMap<>();

    Origins(Map<Table, TableBeingRead> tables) {
        this.tables = tables;
    }

    FamilyRules assign(IpFamily family) {
        TableBeingRead nat = tables.getOrDefault(Table.NAT, new TableBeingRead());
        followFrontends(nat);
        noteRefusedPorts(tables.getOrDefault(Table.FILTER, new TableBeingRead()));
        nat.chains.forEach((name, rules) -> {
            if (name.isOfService() && !ofChains.containsKey(name)) {
                ServicePortName port = fromComments(name, rules);
                if (port != null) {
                    spread(name, new Origin.Port(port), nat);
                }
            }
        });
        List<TableRules> read = new ArrayList<>();
        tables.forEach((table, rules) -> read.add(assign(table, rules)));
        return FamilyRules.of(family, read.toArray(TableRules[]::new));
    }

    private void followFrontends(TableBeingRead nat) {
        for (ChainName dispatch : List.of(ChainName.SERVICES, ChainName.NODE_PORTS)) {
            for (Rule rule : LinearChain.of(dispatch, nat::rules)) {
                ServicePortName port = portOf(rule);
                ChainName to = rule.leadsTo();
                if (port != null && to != null) {
                    byText.putIfAbsent(port.text(), port);
                    spread(to, new Origin.Port(port), nat);
                }
            }
        }
    }

    private void noteRefusedPorts(TableBeingRead filter) {
        for (ChainName refusing : List.of(ChainName.SERVICES, ChainName.EXTERNAL_SERVICES)) {
            for (Rule rule : LinearChain.of(refusing, filter::rules)) {
                ServicePortName port = portOf(rule);
                if (port != null) {
                    byText.putIfAbsent(port.text(), port);
                }
            }
        }
    }

    /**
     * Assigns the origin to a chain of a Service, and to all chains of Services to which that chain leads. A chain that
     * has an origin keeps it.
     */
    private void spread(ChainName from, Origin origin, TableBeingRead nat) {
        Deque<ChainName> open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty()) {
            ChainName name = open.pop();
            if (name.isOfService() && ofChains.putIfAbsent(name, origin) == null) {
                for (Rule rule : nat.chains.getOrDefault(name, List.of())) {
                    ChainName to = rule.leadsTo();
                    if (to != null) {
                        open.push(to);
                    }
                }
            }
        }
    }

    private TableRules assign(Table table, TableBeingRead read) {
        List<Chain> chains = new ArrayList<>(read.chains.size());
        read.chains.forEach((name, rules) -> {
            Origin owner = name.isOfService() ? ofChains.getOrDefault(name, new Origin.Unknown(name.text())) : NODE;
            List<Rule> known = new ArrayList<>(rules.size());
            for (Rule rule : rules) {
                known.add(rule.from(name.isOfService() ? owner : ofSharedChain(rule, name)));
            }
            chains.add(new Chain(name, known, owner));
        });
        Map<BuiltInChain, List<Rule>> jumps = new TreeMap<>(read.jumps);
        return TableRules.of(table, chains, jumps).with(read.referrers);
    }

    /** Returns the origin of a rule in a chain that all Services share. */
    private Origin ofSharedChain(Rule rule, ChainName chain) {
        if (rule instanceof Rule.ForeignRule) {
            return new Origin.Unknown(chain.text());
        }
        ServicePortName port = portOf(rule);
        return port == null ? NODE : new Origin.Port(port);
    }

    /**
     * Returns the Service port that the comment names, with the protocol of the rule; null if the comment names no
     * Service port, or if the rule matches no protocol. The rule for a health check node port always has protocol TCP.
     * Therefore its protocol is taken from another rule of the same Service port, if such a rule was read.
     */
    private @Nullable ServicePortName portOf(Rule rule) {
        if (!(rule instanceof Rule.Known known) || known.comment().isEmpty()) {
            return null;
        }
        String text = portText(known.comment());
        Protocol protocol = protocol(known);
        if (text == null || protocol == null) {
            return null;
        }
        if (known.target() instanceof Target.Accept) {
            ServicePortName sibling = byText.get(text);
            if (sibling != null) {
                return sibling;
            }
        }
        return parse(text, protocol);
    }

    private static @Nullable Protocol protocol(Rule.Known rule) {
        for (Match match : rule.matches()) {
            if (match instanceof Match.IsProtocol(Protocol protocol)) {
                return protocol;
            }
        }
        return null;
    }

    private static @Nullable ServicePortName fromComments(ChainName chain, List<Rule> rules) {
        for (Rule rule : rules) {
            String text = rule instanceof Rule.Known known ? portText(known.comment()) : null;
            if (text != null && rule instanceof Rule.Known known) {
                for (Protocol protocol : Protocol.values()) {
                    ServicePortName port = parse(text, protocol);
                    if (port != null && isNamedAfter(chain, port, known)) {
                        return port;
                    }
                }
            }
        }
        return null;
    }

    private static boolean isNamedAfter(ChainName chain, ServicePortName port, Rule.Known rule) {
        if (chain.is(ChainName.Kind.ENDPOINT)) {
            return rule.target() instanceof Target.Dnat(var to) && chain.equals(ChainName.ofEndpoint(port, to.text()));
        }
        return chain.text().endsWith(port.hash(""));
    }

    /**
     * Returns "namespace/name[:port]" from a comment that Fairlead or kube-proxy writes; null for any other comment.
     */
    private static @Nullable String portText(Comment comment) {
        String text = comment.text();
        for (String prefix : PREFIXES) {
            if (text.startsWith(prefix)) {
                text = text.substring(prefix.length());
                break;
            }
        }
        if (text.startsWith(OTHER_TRAFFIC)) {
            text = text.substring(OTHER_TRAFFIC.length());
        }
        for (String suffix : SUFFIXES) {
            if (text.endsWith(suffix)) {
                text = text.substring(0, text.length() - suffix.length());
                break;
            }
        }
        int space = text.indexOf(' ');
        if (space >= 0 && (text.startsWith(" -> ", space) || text.startsWith(" traffic not accepted by ", space))) {
            text = text.substring(0, space);
        }
        return text.indexOf(' ') >= 0 || text.indexOf('/') < 1 ? null : text;
    }

    private static @Nullable ServicePortName parse(String text, Protocol protocol) {
        int slash = text.indexOf('/');
        int colon = text.indexOf(':', slash);
        if (slash < 1 || slash == text.length() - 1) {
            return null;
        }
        String name = text.substring(slash + 1, colon < 0 ? text.length() : colon);
        String port = colon < 0 ? "" : text.substring(colon + 1);
        return new ServicePortName(new ServiceName(text.substring(0, slash), name), port, protocol);
    }
}
