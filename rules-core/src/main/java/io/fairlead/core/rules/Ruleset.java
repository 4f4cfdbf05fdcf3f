package io.fairlead.core.rules;

import io.fairlead.core.flow.Host;
import io.fairlead.core.trace.ProxyChains;
import io.fairlead.core.trace.Tracer;
import java.util.List;

/**
 * All rules of Fairlead in both families, as typed values of the backend. They are rendered from a plan or read from
 * the kernel.
 */
public interface Ruleset {

    /**
     * Returns the rules as the backend's tool writes them, sorted so that equal rulesets have equal texts; ends in a
     * newline.
     */
    String text();

    /**
     * Returns the number of rules by family and table; empty in a mode for which kube-proxy counts no rules (MET-2).
     */
    default List<RuleCount> counts() {
        return List.of();
    }

    /** Returns a tracer over exactly these rules, on a host with these addresses. */
    Tracer tracer(Host host);

    /** Returns the chains of exactly these rules, each by itself, on a host with these addresses. */
    ProxyChains chains(Host host);
}
