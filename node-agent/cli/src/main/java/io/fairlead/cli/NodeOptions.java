package io.fairlead.cli;

import io.fairlead.core.plan.ProxyMode;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for the node and its configuration. */
final class NodeOptions {
    static final String NODE_NAME_HELP = "The name of this node in the cluster. Default: hostnameOverride of --config,"
            + " else the host's name, or the node's name in a bundle of --rules.";

    @Option(
            names = "--proxy-mode",
            paramLabel = "MODE",
            description = "iptables or nftables. Default: the mode of --config, else iptables.")
    @Nullable
    ProxyMode proxyMode;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "A configuration file of kube-proxy (kind KubeProxyConfiguration, version v1alpha1). Options on the"
                            + " command line override its fields. (In fairlead agent it is the other way round, as in"
                            + " kube-proxy.)")
    @Nullable
    Path config;

    @Option(names = "--node-name", paramLabel = "NAME", description = NODE_NAME_HELP)
    @Nullable
    String nodeName;

    @Option(
            names = "--local-addresses",
            paramLabel = "IP",
            split = ",",
            description = "The addresses of this node. Default: if the kernel's rules are read, the addresses of its"
                    + " interfaces; otherwise the addresses of the Node object, or none without a Node object.")
    @Nullable
    List<String> localAddresses;

    @Mixin
    ServedRangeOptions served = new ServedRangeOptions();

    /** The layout of the rules that Fairlead would write. Commands that write or render rules replace it. */
    LayoutOptions layouts = new LayoutOptions();

    NodeOptions with(LayoutOptions given) {
        layouts = given;
        return this;
    }
}
