package io.fairlead.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the network namespace whose rules are read and changed. */
final class NamespaceOption {
    @Option(
            names = "--netns",
            paramLabel = "NAME",
            description =
                    "Use the rules, addresses and conntrack entries of this network namespace (a name that ip netns list"
                            + " shows). The agent's ports and its requests to the API server stay in the namespace of its"
                            + " process. Default: that namespace.")
    @Nullable
    String name;
}
