package io.fairlead.agent.logging;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What is logged, and where.
 *
 * @param json whether each line is a JSON object
 * @param verbosity lines with a higher verbosity are not logged; 0 or more
 * @param overrides the verbosity of some sources; the first entry that matches is used
 * @param split whether only errors go to standard error, and all other lines to standard output
 */
public record LogSettings(boolean json, int verbosity, List<OfSource> overrides, boolean split) {
    /** Text, without debug lines, all on standard error. */
    public static final LogSettings DEFAULT = new LogSettings(false, 0, List.of(), false);

    /**
     * The verbosity of the sources with matching names.
     *
     * @param name the pattern of the names
     */
    public record OfSource(Pattern name, int verbosity) {
        /** Returns the verbosity for a pattern of vmodule: * for any letters, ? for one letter. */
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

    /** Returns the verbosity of this source. */
    int verbosity(String source) {
        return overrides.stream()
                .filter(override -> override.name().matcher(source).matches())
                .findFirst()
                .map(OfSource::verbosity)
                .orElse(verbosity);
    }

    /** Returns the same settings with another verbosity. */
    LogSettings with(int otherVerbosity) {
        return new LogSettings(json, otherVerbosity, overrides, split);
    }
}
