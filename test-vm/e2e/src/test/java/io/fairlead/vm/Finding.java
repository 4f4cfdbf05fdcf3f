package io.fairlead.vm;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a virtual machine found out about one feature, as a line of text and back.
 *
 * @param feature "nftables: scenarios"
 * @param verdict what came of it
 * @param text how it was done, or what was wrong; "" for nothing to say
 */
record Finding(String feature, Verdict verdict, String text) {
    private static final Pattern LINE =
            Pattern.compile("finding \\[(?<feature>[^]]*)] (?<verdict>[A-Z]+) ?(?<text>.*)");

    /** What may come of trying a feature. */
    enum Verdict {
        WORKS("works"),
        /** By Fairlead itself, with a message that says what is missing. */
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

    /** One line, without its end. */
    String line() {
        return "finding [" + feature + "] " + verdict.name().replace("_", "") + " "
                + text.replaceAll("\\s+", " ").strip();
    }

    /** The finding in a line that may have something before it; empty if there is none. */
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
