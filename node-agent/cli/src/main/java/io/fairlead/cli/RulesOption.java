package io.fairlead.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option to read the rules of a node from files instead of the kernel. */
final class RulesOption {
    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "Read the rules from this file, or - for standard input, instead of the kernel: a bundle of"
                    + " fairlead dump, or the outputs of iptables-save, ip6tables-save, nft list ruleset (also with -a"
                    + " or -j), ip -j addr, ip -j route, ip -j rule and conntrack -L, one after the other. Only the"
                    + " rules are required. May be repeated. The configuration in a bundle is used unless --config is"
                    + " given, and its objects unless -f, --kubeconfig or --master is given.")
    List<String> files = new ArrayList<>();

    boolean given() {
        return !files.isEmpty();
    }
}
