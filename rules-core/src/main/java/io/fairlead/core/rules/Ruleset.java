package io.fairlead.core.rules;

import io.fairlead.core.flow.Host;
import io.fairlead.core.trace.ProxyChains;
import io.fairlead.core.trace.Tracer;
import java.util.List;

/**
 * All of Fairlead's rules in both address families, as values of one dialect. They are rendered from a plan or read
 * from the kernel.
 */
public interface Ruleset {

    /**
     * Returns the rules in the syntax of iptables or nft. The text is sorted, so equal rulesets have equal texts. It
     * ends with a newline.
     */
    String text();

    /**
     * Returns the number of rules by family and table; empty in a mode in which kube-proxy does not count rules
     * (MET-2).
     */
    default List<RuleCount> counts() {
        return List.of();
    }

    /** Returns a tracer through exactly these rules, on a host with these addresses. */
    Tracer tracer(Host host);

    /** Returns the chains of exactly these rules, which can be traced one by one, on a host with these addresses. */
    ProxyChains chains(Host host);
}
