package io.fairlead.cli;

import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.render.EndpointLayout;
import io.fairlead.linux.process.ProcessRunner;
import java.util.Map;

/**
 * The node for which a {@link Dialect} is created, and the options of the dialects.
 *
 * @param processes runs programs in the network namespace
 * @param namespace the name of the network namespace, as in {@code ip netns}; "" for the namespace of this process
 * @param environment the environment variables of this process
 * @param frontends for iptables: the layout of the chains that find the Service of a packet
 * @param endpoints for iptables: which endpoints have their own chain
 * @param nft how nftables rules are read and written
 */
public record DialectContext(
        ProcessRunner processes,
        String namespace,
        Map<String, String> environment,
        Layout frontends,
        EndpointLayout endpoints,
        NftAccess nft) {

    /**
     * Returns a context with the default options.
     *
     * @param processes runs programs in the network namespace
     * @param namespace the name of this namespace; "" for the namespace of this process. Rules are not only written by
     *     programs, so the namespace of {@code processes} alone is not enough
     */
    public static DialectContext of(ProcessRunner processes, String namespace) {
        return new DialectContext(
                processes, namespace, Map.of(), Layout.AUTO, EndpointLayout.KUBE_PROXY, NftAccess.netlink);
    }

    /** Returns the value of an environment variable; "" if it is not set. */
    String variable(String name) {
        return environment.getOrDefault(name, "");
    }
}
