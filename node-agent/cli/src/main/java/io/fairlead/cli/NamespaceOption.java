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
                            + " netns). The API server is reached, and the agent's ports are opened, in the namespace of this"
                            + " program.")
    @Nullable
    String name;
}
