package io.fairlead.e2e.guest;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The result of trying one feature in a virtual machine. It can be written as a line of text, and parsed from the line.
 *
 * @param feature the feature, for example "nftables: cleanup"
 * @param verdict the result
 * @param text details, or the error; "" if there are none
 */
record Finding(String feature, Verdict verdict, String text) {
    private static final Pattern LINE =
            Pattern.compile("finding \\[(?<feature>[^]]*)] (?<verdict>[A-Z]+) ?(?<text>.*)");

    /** The result of trying a feature. */
    enum Verdict {
        WORKS("works"),
        /** Fairlead refused to use the feature, and reported what is missing. */
        REFUSED("refused"),
        BROKEN("broken"),
        NOT_RUN("not run");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** Returns the finding as a line, without a newline. */
    String line() {
        return "finding [" + feature + "] " + verdict.name().replace("_", "") + " "
                + text.replaceAll("\\s+", " ").strip();
    }

    /** Parses a line, which may have other text before the finding; empty if the line has no finding. */
    static Optional<Finding> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.find()) {
            return Optional.empty();
        }
        for (Verdict verdict : Verdict.values()) {
            if (verdict.name().replace("_", "").equals(matcher.group("verdict"))) {
                return Optional.of(new Finding(
                        matcher.group("feature"), verdict, matcher.group("text").strip()));
            }
        }
        return Optional.empty();
    }
}
