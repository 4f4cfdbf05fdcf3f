package io.fairlead.iptables.kernel;

import io.fairlead.core.rules.ApplyFailedException.Kind;
import io.fairlead.linux.process.ProcessResult;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Interprets the output of a failed iptables-restore or iptables-save (1.8.x, both variants). Only this class
 * interprets that output.
 *
 * @param kind the reason of the failure
 * @param all the whole output
 */
record Refusal(Kind kind, String all) {
    private static final Pattern LINE = Pattern.compile("(?:line:? |at line: )(\\d+)");
    private static final Pattern OTHERWISE_MADE =
            Pattern.compile("CHAIN_ADD failed \\(Operation not supported\\): chain (\\w+)");
    private static final int RESOURCE_PROBLEM = 4;

    static Refusal of(ProcessResult result) {
        String words = (result.reason() + result.output()).strip();
        return new Refusal(kind(result, words), words);
    }

    /**
     * Interprets the failure of a program whose standard output consists of rules. Only its error output is
     * interpreted.
     */
    static Refusal ofError(ProcessResult result) {
        return of(new ProcessResult(result.exitCode(), "", result.error()));
    }

    /** Returns the first line of the output without "Error:"; "" if there is no output. */
    String reason() {
        return all.lines().findFirst().orElse("").replaceFirst("^Error: ", "").strip();
    }

    private static Kind kind(ProcessResult result, String words) {
        if (result.timedOut()) {
            return Kind.TIMED_OUT;
        }
        if (words.contains("xtables lock")
                || (result.exitCode() == RESOURCE_PROBLEM && words.contains("temporarily"))) {
            return Kind.LOCKED;
        }
        if (words.contains("Permission denied")
                || words.contains("you must be root")
                || words.contains("Operation not permitted")) {
            return Kind.NOT_PERMITTED;
        }
        if (words.contains("matching rule exist")
                || words.contains("does not exist")
                || words.contains("No such file or directory): ")) {
            return Kind.NOT_FOUND;
        }
        if (words.contains("Chain already exists") || words.contains("File exists")) {
            return Kind.EXISTS;
        }
        if (words.contains("Couldn't load")
                || words.contains("missing kernel module")
                || words.contains("can't initialize")
                || words.contains("unable to initialize")
                || words.contains("No chain/target/match by that name")
                || words.contains("Protocol not supported")) {
            return Kind.MISSING_KERNEL_FEATURE;
        }
        return Kind.REJECTED;
    }

    /**
     * Returns the number of the input line that the tool reports, counted from 1; empty if it reports no line. Both
     * variants report a line that they cannot parse. If the kernel refuses, the nft variant reports the refused rule,
     * and the legacy variant reports only the line COMMIT.
     */
    OptionalInt line() {
        Matcher matcher = LINE.matcher(all);
        return matcher.find() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }

    /**
     * Returns the built-in chain that exists with a type or priority that differs from the type or priority in
     * iptables; empty if this is not the reason of the failure.
     */
    Optional<String> otherwiseMade() {
        Matcher matcher = OTHERWISE_MADE.matcher(all);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /**
     * Returns the output as one line, without the advice how to get help. If the tool did not end in time, or if there
     * is no output, the line says this.
     */
    String summary() {
        String text = all.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("Try `"))
                .reduce((a, b) -> a + "; " + b)
                .orElse("");
        if (kind == Kind.TIMED_OUT) {
            return text.isEmpty() ? "timed out" : "timed out: " + text;
        }
        return text.isEmpty() ? "no reason given" : text;
    }
}
