package io.fairlead.core.trace;

import io.fairlead.core.net.IpFamily;
import java.util.List;

/**
 * The chains of a proxy, which can be traced one by one. The trace through the rules of all programs on a node uses
 * this interface for the proxy's chains. Therefore the rules of the proxy are explained in the same way, whether or not
 * other programs have rules.
 */
public interface ProxyChains {

    /** Returns whether this is a chain of the proxy, and its rules were read. */
    boolean has(IpFamily family, String table, String chain);

    /**
     * Returns all paths of a packet through a chain, and through the chains to which its rules jump.
     *
     * @throws UnknownRuleException if the packet meets a rule whose meaning is unknown
     */
    List<PathEnd> walk(IpFamily family, String table, String chain, Packet packet);
}
