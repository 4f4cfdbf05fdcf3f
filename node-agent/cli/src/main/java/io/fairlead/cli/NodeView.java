package io.fairlead.cli;

import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.ProxyChains;
import io.fairlead.core.trace.Tracer;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.model.NodeRules;
import io.fairlead.explain.model.RuleTable.Tool;
import io.fairlead.explain.walk.NodeTracer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of a node, from its kernel or from files.
 *
 * @param rules the rules of the proxy in the dialect of the mode
 * @param tracer follows packets through the rules of all programs that could be read
 * @param dump everything that is known about the node
 * @param messages what could not be read and what follows from it, one sentence each
 */
record NodeView<R extends Ruleset>(R rules, Tracer tracer, Host host, Dump dump, List<String> messages) {

    /**
     * Joins what was read.
     *
     * @param dialect the dialect of the mode
     * @param other the dialect of the other mode, which may have rules too
     */
    static <R extends Ruleset> NodeView<R> of(
            R rules, Dialect<R, ?> dialect, Dialect<?, ?> other, Host host, Dump dump, List<String> reading) {
        List<String> messages = new ArrayList<>(reading);
        NodeRules all = dump.rules();
        ProxyChains chains = rules.chains(host);
        if (isProxyMissing(chains, all, dialect.tool())) {
            messages.add("rules of other programs are not taken into account");
            return new NodeView<>(rules, rules.tracer(host), host, dump, messages);
        }
        Map<Tool, ProxyChains> proxies = new EnumMap<>(Tool.class);
        proxies.put(dialect.tool(), chains);
        try {
            proxies.put(other.tool(), other.in(dump).chains(host));
        } catch (UnknownRuleException _) {
            // The general walk follows rules of the other mode that their own reader does not know.
        }
        return new NodeView<>(rules, new NodeTracer(all, proxies, host, dump.routing()), host, dump, messages);
    }

    /** Returns whether the proxy has rules that the tools for all rules did not show. */
    private static boolean isProxyMissing(ProxyChains chains, NodeRules all, Tool tool) {
        for (IpFamily family : IpFamily.values()) {
            boolean has = tool == Tool.NFT
                    ? chains.has(family, "kube-proxy", "services")
                    : chains.has(family, "nat", "KUBE-SERVICES");
            boolean shown = all.tables().stream()
                    .anyMatch(table -> table.family().sees(family)
                            && table.chains().containsKey(tool == Tool.NFT ? "services" : "KUBE-SERVICES"));
            if (has && !shown) {
                return true;
            }
        }
        return false;
    }
}
