package io.fairlead.cli;

import io.fairlead.core.plan.ProxyMode;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for the node and its configuration. */
final class NodeOptions {
    static final String FILE = "A configuration file of kube-proxy (kind KubeProxyConfiguration, version v1alpha1)."
            + " --proxy-mode and --node-name override its fields.";

    /** The default of --config in commands that judge existing rules. */
    static final String FOUND =
            " Default: the configuration of the running proxy, from its page /configz or its command line; with --rules,"
                    + " the configuration in the bundle; else kube-proxy's defaults.";

    static final String MODE =
            "iptables or nftables: the mode of the proxy. Default: the mode of the configuration (see --config). If no"
                    + " configuration is found, nftables if the rules contain nftables' table kube-proxy, else iptables.";

    static final String ADDRESSES =
            "The addresses of this node, which decide which packets are from the node or to its node ports.";

    @Option(names = "--proxy-mode", paramLabel = "MODE", description = MODE)
    @Nullable
    ProxyMode proxyMode;

    @Option(names = "--config", paramLabel = "FILE", description = FILE + FOUND)
    @Nullable
    Path config;

    @Option(
            names = "--node-name",
            paramLabel = "NAME",
            description =
                    "The name of this node in the cluster. Default: hostnameOverride of the configuration, else the"
                            + " name in a bundle of --rules, else the host's name.")
    @Nullable
    String nodeName;

    @Option(
            names = "--local-addresses",
            paramLabel = "IP",
            split = ",",
            description = ADDRESSES
                    + " Default: those of its interfaces; with --rules, those in the file, else those of the Node"
                    + " object.")
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
