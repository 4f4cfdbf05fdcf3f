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
                    + " bundle of fairlead dump. May be repeated. If neither --proxy-mode nor --config is"
                    + " given, the mode is that of these rules; if --local-addresses is not given, the node has"
                    + " the addresses in the output of ip -j addr.")
    List<String> files = new ArrayList<>();

    boolean given() {
        return !files.isEmpty();
    }
}
