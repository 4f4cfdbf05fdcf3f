package io.fairlead.linux.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A program to run.
 *
 * @param words program and arguments, passed as they are (no shell)
 * @param input what the program reads from standard input, UTF-8, in portions that are asked for when the program
 *     takes them, so that a large input need not be there as a whole; empty for none
 * @param timeout after this the program is ended and the result says so
 */
public record Command(List<String> words, Iterable<String> input, Duration timeout) {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /**
     * Copies the words.
     *
     * @throws IllegalArgumentException if there is no program
     */
    public Command {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("no program to run");
        }
    }

    /** A command without input, with 30 s of time. */
    public static Command of(String... words) {
        return new Command(List.of(words), List.of(), DEFAULT_TIMEOUT);
    }

    /** The same with standard input. */
    public Command withInput(String text) {
        return new Command(words, List.of(text), timeout);
    }

    /** The whole input. */
    public String inputText() {
        return String.join("", input);
    }

    /** The same with another time limit. */
    public Command withTimeout(Duration limit) {
        return new Command(words, input, limit);
    }

    /** The same, run inside a named network namespace by {@code ip netns exec}. */
    public Command inNamespace(String namespace) {
        List<String> prefixed = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        prefixed.addAll(words);
        return new Command(prefixed, input, timeout);
    }

    /** The words with spaces between them, for messages. */
    public String text() {
        return String.join(" ", words);
    }
}
