package io.fairlead.cli;

import picocli.CommandLine.Option;

/** The option {@code --color}, which decides whether text is coloured. */
public final class ColorOption {
    enum When {
        auto,
        always,
        never
    }

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description =
                    "auto, always or never. Default: auto, which means colour on a terminal unless NO_COLOR is set.")
    When when = When.auto;

    public Palette palette(Surroundings surroundings) {
        return new Palette(
                switch (when) {
                    case always -> true;
                    case never -> false;
                    case auto ->
                        surroundings.terminal()
                                && surroundings
                                        .environment()
                                        .getOrDefault("NO_COLOR", "")
                                        .isEmpty();
                });
    }
}
