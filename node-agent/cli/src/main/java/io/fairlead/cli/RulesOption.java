package io.fairlead.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option to read the rules of a node from files instead of the kernel. */
final class RulesOption {
    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "Read the rules from this file, or - for standard input, instead of the kernel. The file may"
                    + " contain the output of iptables-save, ip6tables-save, nft list ruleset (also with -a or"
                    + " -j), ip -j addr, ip -j route, ip -j rule and conntrack -L, one after the other, or be a"
                    + " bundle of fairlead dump. May be repeated. Objects and the configuration of the"
                    + " proxy in a bundle are used if -f, --kubeconfig and --config name no others. Without --proxy-mode"
                    + " and a configuration, the mode is nftables if the rules contain nftables' table kube-proxy, else"
                    + " iptables. Without --local-addresses, the node has the addresses in the output of ip -j addr, or"
                    + " those of the Node object if this output is missing.")
    List<String> files = new ArrayList<>();

    boolean given() {
        return !files.isEmpty();
    }
}
