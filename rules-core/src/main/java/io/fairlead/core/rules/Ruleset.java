package io.fairlead.core.rules;

import io.fairlead.core.flow.Host;
import io.fairlead.core.trace.Tracer;

/**
 * All of Fairlead's rules in both families, as a backend's typed values; rendered from a plan or read from the kernel.
 */
public interface Ruleset {

    /**
     * The rules as the backend's tool writes them, sorted so that equal rulesets have equal texts; ends in a newline.
     */
    String text();

    /** A tracer over exactly these rules, on a host with these addresses. */
    Tracer tracer(Host host);
}
