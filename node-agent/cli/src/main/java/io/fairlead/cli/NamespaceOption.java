package io.fairlead.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the network namespace whose rules are read and changed. */
final class NamespaceOption {
    @Option(
            names = "--netns",
            paramLabel = "NAME",
            description =
                    "Work in the network namespace with this name (as listed by ip netns), not in the one in which this"
                            + " program runs.")
    @Nullable
    String name;
}
