package io.fairlead.agent.logging;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What is logged.
 *
 * @param json whether each line is a JSON object
 * @param verbosity lines of a higher one are left out; 0 or more
 * @param overrides verbosity of some sources; the first that fits counts
 * @param split whether errors alone go to standard error, and everything else to standard output
 */
public record LogSettings(boolean json, int verbosity, List<OfSource> overrides, boolean split) {
    /** Text, nothing of detail, all on standard error. */
    public static final LogSettings DEFAULT = new LogSettings(false, 0, List.of(), false);

    /**
     * Verbosity of sources by name.
     *
     * @param name which sources
     */
    public record OfSource(Pattern name, int verbosity) {
        /** A pattern as vmodule has it: * for any letters, ? for any one. */
        public static OfSource of(String glob, int verbosity) {
            StringBuilder regex = new StringBuilder();
            glob.chars()
                    .forEach(letter -> regex.append(
                            switch (letter) {
                                case '*' -> ".*";
                                case '?' -> ".";
                                default -> Pattern.quote(Character.toString(letter));
                            }));
            return new OfSource(Pattern.compile(regex.toString()), verbosity);
        }
    }

    /** Copies the list. */
    public LogSettings {
        overrides = List.copyOf(overrides);
    }

    /** How much this source may say. */
    int verbosity(String source) {
        return overrides.stream()
                .filter(override -> override.name().matcher(source).matches())
                .findFirst()
                .map(OfSource::verbosity)
                .orElse(verbosity);
    }

    /** The same with another verbosity. */
    LogSettings with(int otherVerbosity) {
        return new LogSettings(json, otherVerbosity, overrides, split);
    }
}
