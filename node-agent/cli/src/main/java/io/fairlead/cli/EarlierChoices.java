package io.fairlead.cli;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.trace.Answer;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.explain.dump.Connection;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.model.Expression;
import io.fairlead.explain.model.NamedElements;
import io.fairlead.explain.model.NodeRules;
import io.fairlead.explain.model.Pattern;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.explain.model.SetElement;
import io.fairlead.explain.model.TableFamily;
import io.fairlead.explain.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Describes in sentences the earlier choices of an endpoint that the kernel prefers to a new choice by the rules:
 * existing connections, and session affinity.
 */
final class EarlierChoices {
    private final Dump dump;
    private final Flow flow;

    EarlierChoices(Dump dump, Flow flow) {
        this.dump = dump;
        this.flow = flow;
    }

    /** Returns one sentence for each earlier choice that can send the packet to another endpoint than a new choice. */
    List<String> sentences(Outcome actual, Answer answer) {
        List<String> sentences = new ArrayList<>(connections(actual));
        if (actual.endpoints().size() > 1) {
            sentences.addAll(remembered(answer));
        }
        return sentences;
    }

    /**
     * Returns one sentence for each existing connection to an endpoint that the rules do not choose now. An existing
     * connection keeps its endpoint.
     */
    private List<String> connections(Outcome actual) {
        return dump.connections().stream()
                .filter(connection -> connection.protocol() == flow.protocol()
                        && connection.from().equals(flow.from())
                        && connection.to().equals(new IpPort(flow.to(), flow.port()))
                        && !actual.endpoints().contains(connection.answeredBy()))
                .map(Connection::answeredBy)
                .distinct()
                .map(endpoint -> "An existing connection goes to " + endpoint
                        + ", whatever the rules are; this command deletes it: conntrack -D -p " + flow.protocol()
                        + " --orig-src " + flow.from() + " --orig-dst " + flow.to() + " --orig-port-dst "
                        + flow.port())
                .toList();
    }

    private Set<String> remembered(Answer answer) {
        Set<String> sentences = new LinkedHashSet<>();
        RuleTable table = null;
        for (TracePath path : answer.trace().paths()) {
            for (TraceStep step : path.steps()) {
                String chain = step.place().substring(step.place().lastIndexOf(' ') + 1);
                if (dump.remembered().getOrDefault(chain, List.of()).contains(flow.from())) {
                    sentences.add(sentence(String.valueOf(path.endpoint()), "list " + chain + " of iptables"));
                }
                if (chain.startsWith("endpoint-") || chain.startsWith("sticky-")) {
                    table = table == null ? proxyTable() : table;
                    ofNft(table, chain, String.valueOf(path.endpoint()), sentences);
                }
            }
        }
        return sentences;
    }

    private RuleTable proxyTable() {
        TableFamily family = flow.from().family() == IpFamily.IPV4 ? TableFamily.IP : TableFamily.IP6;
        NodeRules rules = dump.rules();
        return rules.table(RuleTable.Tool.NFT, family, "kube-proxy")
                .orElseGet(() -> new RuleTable(RuleTable.Tool.NFT, family, "kube-proxy", Map.of(), Map.of()));
    }

    /**
     * Adds a sentence for each element for the client in the affinity set or map of a chain. kube-proxy 1.37 has a set
     * for each endpoint; Fairlead has one map for all endpoints of a Service port.
     */
    private void ofNft(RuleTable table, String chain, String endpoint, Set<String> sentences) {
        String name = chain.startsWith("endpoint-")
                ? "affinity-" + chain.substring("endpoint-".length())
                : "aff-" + chain.substring("sticky-".length());
        NamedElements set = table.sets().get(name);
        if (set == null) {
            return;
        }
        for (SetElement element : set.elements()) {
            if (element.key().size() == 1 && isClient(element.key().getFirst())) {
                sentences.add(sentence(
                        element.data() instanceof SetElement.Data.Values(List<Expression> parts)
                                ? parts.stream().map(EarlierChoices::text).collect(Collectors.joining(":"))
                                : endpoint,
                        (chain.startsWith("endpoint-") ? "set " : "map ") + name + " of nftables"));
            }
        }
    }

    private boolean isClient(Pattern pattern) {
        return pattern instanceof Pattern.One(Value.Address(Ip ip)) && ip.equals(flow.from());
    }

    private static String text(Expression expression) {
        if (expression instanceof Expression.Constant(Value.Address(Ip ip))) {
            return ip.text();
        }
        return expression instanceof Expression.Constant(Value.Numeric(long low, long _)) ? Long.toString(low) : "?";
    }

    private String sentence(String endpoint, String where) {
        return "The client has session affinity: new connections of " + flow.from() + " go to " + endpoint
                + " while it is remembered (" + where + "), whatever the shares of the endpoints are.";
    }
}
