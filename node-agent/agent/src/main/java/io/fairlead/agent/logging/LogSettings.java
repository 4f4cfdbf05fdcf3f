package io.fairlead.agent.logging;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The settings that decide which lines are logged, in which format and where.
 *
 * @param json whether each line is a JSON object; otherwise a line is text
 * @param verbosity the highest verbosity of lines that are logged; 0 or more
 * @param overrides the verbosity of single sources. The first entry that matches a source is used
 * @param split if true, errors are written to standard error and all other lines to standard output; otherwise all
 *     lines are written to standard error
 */
public record LogSettings(boolean json, int verbosity, List<OfSource> overrides, boolean split) {
    /** The default settings: text format, verbosity 0, all lines on standard error. */
    public static final LogSettings DEFAULT = new LogSettings(false, 0, List.of(), false);

    /**
     * The verbosity of the sources whose names match a pattern.
     *
     * @param name the pattern of the names
     */
    public record OfSource(Pattern name, int verbosity) {
        /**
         * Returns the verbosity for the sources that match a pattern of the flag vmodule. In the pattern, * stands for
         * any number of characters and ? for one character.
         */
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

    /** Returns the highest verbosity that is logged for this source. */
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
