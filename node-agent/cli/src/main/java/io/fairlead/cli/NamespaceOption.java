package io.fairlead.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the network namespace whose rules are read and changed. */
final class NamespaceOption {
    @Option(
            names = "--netns",
            paramLabel = "NAME",
            description =
                    "Use the rules, addresses and connections of the network namespace with this name (as listed by ip"
                            + " netns). Connections to an API server, and ports that are opened, stay in the namespace of this"
                            + " program. Default: the namespace of this program.")
    @Nullable
    String name;
}
