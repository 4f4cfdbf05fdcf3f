package io.fairlead.linux.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A program to run.
 *
 * @param words the program and its arguments, passed unchanged (without a shell)
 * @param input the standard input of the program, encoded as UTF-8; empty for no input. The next portion is requested
 *     only when the program has read the previous one, so that a large input is never in memory as a whole
 * @param timeout the time limit. The program is killed when the limit is reached; see {@link ProcessResult#timedOut}
 */
public record Command(List<String> words, Iterable<String> input, Duration timeout) {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /**
     * Makes an immutable copy of the words.
     *
     * @throws IllegalArgumentException if there is no program
     */
    public Command {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("no program to run");
        }
    }

    /** Returns a command without input, with a time limit of 30 s. */
    public static Command of(String... words) {
        return new Command(List.of(words), List.of(), DEFAULT_TIMEOUT);
    }

    /** Returns the same command with this standard input. */
    public Command withInput(String text) {
        return new Command(words, List.of(text), timeout);
    }

    /** Returns the whole input as one text. */
    public String inputText() {
        return String.join("", input);
    }

    /** Returns the same command with another time limit. */
    public Command withTimeout(Duration limit) {
        return new Command(words, input, limit);
    }

    /** Returns the same command, run inside a named network namespace by {@code ip netns exec}. */
    public Command inNamespace(String namespace) {
        List<String> prefixed = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        prefixed.addAll(words);
        return new Command(prefixed, input, timeout);
    }

    /** Returns the words, separated by spaces, for messages. */
    public String text() {
        return String.join(" ", words);
    }
}
