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
            + " else the name in a bundle of --rules, else the host's name.";

    @Option(
            names = "--proxy-mode",
            paramLabel = "MODE",
            description =
                    "iptables or nftables: the mode of the proxy whose rules are written or judged. Default: the mode of"
                            + " the configuration (see --config), else that of --rules, else iptables.")
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
            description =
                    "The addresses of this node. Default: the addresses of its interfaces, if the command reads rules from"
                            + " the kernel; else those in --rules; else those of the Node object; else none.")
    @Nullable
    List<String> localAddresses;

    @Mixin
    ServedRangeOptions served = new ServedRangeOptions();

    /** The layout of the rules that Fairlead would write. Commands that write or render rules replace it. */
    LayoutOptions layouts = new LayoutOptions();

    /** How nftables rules are read and written. Commands with the option --nft replace it. */
    NftAccess nft = NftAccess.netlink;

    NodeOptions with(LayoutOptions given) {
        layouts = given;
        return this;
    }
}
