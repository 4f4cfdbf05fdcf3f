package io.fairlead.core.trace;

import io.fairlead.core.net.IpFamily;
import java.util.List;

/**
 * The chains of a proxy, each by itself. A walk through the rules of all programs on a node uses them, so that rules of
 * a proxy are explained in one way, whether or not other programs have rules too.
 */
public interface ProxyChains {

    /** Returns whether this is a chain of the proxy whose rules were read. */
    boolean has(IpFamily family, String table, String chain);

    /**
     * Returns all paths of a packet through a chain and the chains that it leads to.
     *
     * @throws UnknownRuleException if the packet meets a rule whose meaning is unknown
     */
    List<PathEnd> walk(IpFamily family, String table, String chain, Packet packet);
}
