package io.fairlead.iptables.trace;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.Refusal;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Target;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** Explains to a person what a rule did with a packet, and the reason. */
final class Reason {

    /**
     * The shares for the chains that packets met. They are stored, because the computation visits every rule, and a
     * chain can have thousands of endpoints.
     */
    private final IdentityHashMap<List<Rule>, Shares> shares = new IdentityHashMap<>();

    /**
     * The distribution of packets by one chain.
     *
     * @param count the number of rules that choose an endpoint
     * @param ofRules for each rule, the share of the packets entering the chain that the rule sends to an endpoint; 0
     *     for a rule that chooses no endpoint
     */
    private record Shares(int count, List<Double> ofRules) {}

    String of(Rule.Known rule, int index, String chain, List<Rule> chainRules) {
        return switch (rule.target()) {
            case Target.Jump(ChainName to) -> jump(rule, to, index, chain, chainRules);
            case Target.Dnat(var to) -> {
                boolean chosenBefore = chain.startsWith(ChainName.Kind.ENDPOINT.prefix());
                yield (chosenBefore ? "" : choice(rule, index, chainRules) + ": ") + "sent to " + to.text();
            }
            case Target.Drop _ -> "dropped: " + ground(rule);
            case Target.Reject(Refusal with) -> with.text() + ": " + ground(rule);
            case Target.Accept _ -> "accepted: " + ground(rule);
            case Target.Return _ -> "not marked: keeps its source address";
            case Target.Masquerade _ -> "marked earlier: gets an address of this node as its source";
            case Target.OrMark _
            when chain.equals(ChainName.MARK_DROP.text()) ->
                "marked, so that " + ChainName.KUBELET_FIREWALL + " drops it where this node receives or sends it";
            case Target.OrMark _ -> "marked, so that it gets an address of this node as its source when it leaves";
            case Target.XorMark _ -> "clears the mark, which is not needed any more";
            case Target.Nothing _ -> "not from an allowed source range: is not translated";
        };
    }

    private String jump(Rule.Known rule, ChainName to, int index, String chain, List<Rule> chainRules) {
        if (to.equals(ChainName.MARK_MASQ)) {
            return masquerade(rule, chain);
        }
        if (to.equals(ChainName.MARK_DROP)) {
            return chain.startsWith(ChainName.Kind.FIREWALL.prefix())
                    ? "no earlier rule accepted the packet: will be dropped"
                    : "no endpoint on this node can serve the packet: will be dropped";
        }
        if (to.is(ChainName.Kind.ENDPOINT)) {
            return choice(rule, index, chainRules);
        }
        if (to.isBranch()) {
            return "its destination is in branch " + to;
        }
        if (to.equals(ChainName.NODE_PORTS)) {
            return chain.equals(ChainName.SERVICES.text())
                    ? "no Service has this address, but the node does: perhaps a node port"
                    : "the port of every packet to this node is compared with the health check node ports";
        }
        if (rule.origin() instanceof Origin.Port(var port)) {
            return ofService(rule, to, port.text());
        }
        return "every " + (rule.matches().isEmpty() ? "packet" : "new connection") + " passes " + to;
    }

    private static String ofService(Rule.Known rule, ChainName to, String port) {
        if (isTo(rule.matches())) {
            return rule.comment().text().equals(port)
                    ? "it is to the node port of " + port
                    : "it is to the " + rule.comment().text().replace(port + " ", "") + " of " + port;
        }
        if (to.is(ChainName.Kind.EXTERNAL)
                || (to.is(ChainName.Kind.FORMER_EXTERNAL)
                        && rule.matches().stream().anyMatch(Match.Source.class::isInstance))) {
            return "its source is in an allowed range";
        }
        if (to.is(ChainName.Kind.FORMER_EXTERNAL) && ground(rule.matches()) == Ground.OTHER) {
            return "external traffic policy Local";
        }
        if (to.is(ChainName.Kind.LOCAL)) {
            return "external traffic policy Local: only endpoints on this node";
        }
        return switch (ground(rule.matches())) {
            case POD -> "its source is a pod: all endpoints";
            case NODE -> "its source is this node: all endpoints";
            case OTHER -> "external traffic policy Cluster: all endpoints";
        };
    }

    private static String masquerade(Rule.Known rule, String chain) {
        if (chain.startsWith(ChainName.Kind.ENDPOINT.prefix())) {
            return "its source is the chosen endpoint itself: will be masqueraded";
        }
        for (Match match : rule.matches()) {
            if (match instanceof Match.Source(Cidr cidr, boolean negated) && negated) {
                return "its source is not a pod (not in " + cidr + "): will be masqueraded";
            }
            if (match instanceof Match.InInterface) {
                return "it did not come in from a pod: will be masqueraded";
            }
            if (match instanceof Match.SourceIsLocal) {
                return "its source is this node: will be masqueraded";
            }
        }
        return rule.matches().isEmpty()
                ? "it is to an external address under policy Cluster: will be masqueraded"
                : "all traffic to cluster IPs is masqueraded";
    }

    private String choice(Rule.Known rule, int index, List<Rule> chainRules) {
        if (!picks(rule)) {
            return "this client is known: keeps its endpoint";
        }
        Shares ofChain = shares.computeIfAbsent(chainRules, Reason::shares);
        return "1 of " + ofChain.count() + " endpoints, "
                + percent(ofChain.count(), ofChain.ofRules().get(index));
    }

    /** Computes the shares. The probability of a rule applies to the packets that earlier rules did not match. */
    private static Shares shares(List<Rule> chainRules) {
        int count = 0;
        double left = 1;
        List<Double> ofRules = new ArrayList<>(chainRules.size());
        for (Rule rule : chainRules) {
            double here = 0;
            if (rule instanceof Rule.Known known && picks(known)) {
                count++;
                here = left * chance(known);
                left -= here;
            }
            ofRules.add(here);
        }
        return new Shares(count, ofRules);
    }

    private static String percent(int count, double share) {
        if (count == 1) {
            return "the only one";
        }
        BigDecimal percent =
                new BigDecimal(share * 100).round(new MathContext(3)).stripTrailingZeros();
        boolean even = Math.abs(share * count - 1) < 0.001;
        return (even ? "each " : "") + percent.toPlainString() + " %";
    }

    /**
     * Returns whether a rule sends packets to an endpoint, directly or through the endpoint's chain, without checking
     * whether the client is known.
     */
    private static boolean picks(Rule.Known rule) {
        boolean toEndpoint = rule.target() instanceof Target.Dnat
                || (rule.target() instanceof Target.Jump(ChainName to) && to.is(ChainName.Kind.ENDPOINT));
        return toEndpoint
                && rule.matches().stream()
                        .allMatch(match -> match instanceof Match.Random || match instanceof Match.IsProtocol);
    }

    private static double chance(Rule.Known rule) {
        double chance = 1;
        for (Match match : rule.matches()) {
            if (match instanceof Match.Random(var probability)) {
                chance *= probability.share();
            }
        }
        return chance;
    }

    private enum Ground {
        POD,
        NODE,
        OTHER
    }

    /**
     * Returns whether the rule matches a destination. If so, it is in a chain that lists frontends, or in a branch of
     * such a chain.
     */
    private static boolean isTo(List<Match> matches) {
        return matches.stream().anyMatch(Match.DestinationPort.class::isInstance);
    }

    private static Ground ground(List<Match> matches) {
        for (Match match : matches) {
            switch (match) {
                case Match.Source _, Match.InInterface _ -> {
                    return Ground.POD;
                }
                case Match.SourceIsLocal _ -> {
                    return Ground.NODE;
                }
                default -> {}
            }
        }
        return Ground.OTHER;
    }

    private static String ground(Rule.Known rule) {
        return rule.comment().isEmpty()
                ? "connection tracking finds no connection it belongs to"
                : rule.comment().text();
    }
}
