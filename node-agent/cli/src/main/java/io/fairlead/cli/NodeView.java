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
 * @param rules the rules of the proxy in the mode that was chosen
 * @param tracer computes the paths of packets through the rules of all programs, as far as they could be read
 * @param dump all information that was read from the node
 * @param messages one sentence for each part that could not be read, with its consequence
 */
record NodeView<R extends Ruleset>(R rules, Tracer tracer, Host host, Dump dump, List<String> messages) {

    /**
     * Creates the view from the parts that were read.
     *
     * @param dialect the dialect of the chosen mode
     * @param other the dialect of the other mode, of which the kernel may also have rules
     * @param reading the messages about parts that could not be read
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
            // The reader of the other mode does not know a rule. The tracer then treats all rules of the other mode
            // like rules of other programs.
        }
        return new NodeView<>(rules, new NodeTracer(all, proxies, host, dump.routing()), host, dump, messages);
    }

    /**
     * Returns whether the proxy has rules that are missing from the output of the programs that show the rules of all
     * programs.
     */
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
