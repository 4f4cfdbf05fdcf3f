package io.fairlead.cli;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.render.EndpointLayout;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for the node, its configuration, and the layout of its rules. */
final class NodeOptions {
    @Option(
            names = "--proxy-mode",
            paramLabel = "MODE",
            description = "iptables or nftables. Default: both modes for cleanup; for other commands the mode of"
                    + " --config, else iptables.")
    @Nullable
    ProxyMode proxyMode;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "A configuration file of kube-proxy (kind KubeProxyConfiguration, version v1alpha1). Other flags"
                            + " override its fields.")
    @Nullable
    Path config;

    @Option(
            names = "--node-name",
            paramLabel = "NAME",
            description = "The name of this node in the cluster. Default: hostnameOverride of --config, else the host's"
                    + " name.")
    @Nullable
    String nodeName;

    @Option(
            names = "--local-addresses",
            paramLabel = "IP",
            split = ",",
            description =
                    "The addresses of this node. Default: the addresses of its interfaces. The commands render, trace"
                            + " --offline and diff --from take the addresses of its Node object instead.")
    @Nullable
    List<String> localAddresses;

    @Option(names = DISPATCH, paramLabel = "HOW", defaultValue = "auto", description = DISPATCH_HELP)
    Dispatch dispatch = Dispatch.auto;

    @Option(
            names = LAYOUT,
            paramLabel = "CHAINS",
            defaultValue = LAYOUT_DEFAULT,
            converter = EndpointLayoutConverter.class,
            completionCandidates = EndpointLayoutConverter.Words.class,
            description = LAYOUT_HELP)
    EndpointLayout layout = EndpointLayout.KUBE_PROXY;

    static final String LAYOUT = "--iptables-layout";
    static final String LAYOUT_DEFAULT = "kube-proxy";
    static final String LAYOUT_HELP =
            "Which endpoints have their own chain in iptables. kube-proxy (default): all, as with kube-proxy; compact:"
                    + " only endpoints that are, or could be, on this node (could be: EndpointSlices name no node, or"
                    + " two different nodes), and endpoints of Services with ClientIP affinity.";

    static final String DISPATCH = "--iptables-dispatch";
    static final String DISPATCH_HELP =
            "How iptables finds the rule of a Service. flat: rules of all Services in order, as with kube-proxy; tree:"
                    + " a tree of chains, of which each level compares more leading digits of the Service address;"
                    + " auto (default): tree if a chain would have more than 128 Service rules.";

    /** The layouts of the chains that find the Service of a packet. */
    enum Dispatch {
        auto,
        flat,
        tree;

        Layout layout() {
            return switch (this) {
                case auto -> Layout.AUTO;
                case flat -> Layout.FLAT;
                case tree -> Layout.TREE;
            };
        }
    }
}
