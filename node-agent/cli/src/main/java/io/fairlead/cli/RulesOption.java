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
                    + " bundle of fairlead dump. May be repeated. The objects in a bundle are used unless"
                    + " -f, --kubeconfig or --master is given; the configuration in a bundle is used unless --config is"
                    + " given. If no configuration names the mode, it is nftables if the rules contain nftables' table"
                    + " kube-proxy, else iptables.")
    List<String> files = new ArrayList<>();

    boolean given() {
        return !files.isEmpty();
    }
}
