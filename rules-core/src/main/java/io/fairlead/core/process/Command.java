package io.fairlead.core.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program to run.
 *
 * @param words program and arguments, passed as they are (no shell)
 * @param input what the program reads from standard input, UTF-8, in portions that are asked for when the program takes them, so
 *     that a large input need not be there as a whole; empty for none
 * @param timeout after this the program is ended and the result says so
 * @param environment variables for the program besides those that it inherits; one that it inherits anyway stays as it is, so that
 *     an operator has the last word
 */
public record Command(List<String> words, Iterable<String> input, Duration timeout, Map<String, String> environment) {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /**
     * Copies words and environment.
     *
     * @throws IllegalArgumentException if there is no program
     */
    public Command {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("no program to run");
        }
    }

    /** A command with the environment that it inherits. */
    public Command(List<String> words, Iterable<String> input, Duration timeout) {
        this(words, input, timeout, Map.of());
    }

    /** A command without input, with 30 s of time. */
    public static Command of(String... words) {
        return new Command(List.of(words), List.of(), DEFAULT_TIMEOUT);
    }

    /** The same with standard input. */
    public Command withInput(String text) {
        return withInput(List.of(text));
    }

    /** The same with standard input in portions. */
    public Command withInput(Iterable<String> portions) {
        return new Command(words, portions, timeout, environment);
    }

    /** The whole input. */
    public String inputText() {
        return String.join("", input);
    }

    /** The same with another time limit. */
    public Command withTimeout(Duration limit) {
        return new Command(words, input, limit, environment);
    }

    /** The same with other words. */
    public Command withWords(List<String> others) {
        return new Command(others, input, timeout, environment);
    }

    /** The same with variables for the program, instead of those before. */
    public Command withEnvironment(Map<String, String> variables) {
        return new Command(words, input, timeout, variables);
    }

    /** The same, run inside a named network namespace by {@code ip netns exec}. */
    public Command inNamespace(String namespace) {
        List<String> prefixed = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        prefixed.addAll(words);
        return withWords(prefixed);
    }

    /** The words with spaces between them, for messages. */
    public String text() {
        return String.join(" ", words);
    }
}
