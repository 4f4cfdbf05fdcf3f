package io.fairlead.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** In which network namespace the kernel is asked and changed. */
final class NamespaceOption {
    @Option(
            names = "--netns",
            paramLabel = "NAME",
            description =
                    "Work in this network namespace (as ip netns names it) instead of the one this program runs in.")
    @Nullable
    String name;
}
