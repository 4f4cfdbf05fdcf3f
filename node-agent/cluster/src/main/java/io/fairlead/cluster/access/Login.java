package io.fairlead.cluster.access;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How requests prove who sends them, beside a client certificate. */
public sealed interface Login {

    /** Not at all. */
    record None() implements Login {}

    /** By a fixed token. */
    record Token(String token) implements Login {}

    /**
     * By the token in a file.
     *
     * @param fallback a token to use while the file was never readable; "" for none
     */
    record TokenFile(Path path, String fallback) implements Login {}

    /** By name and password. */
    record Password(String name, String password) implements Login {}

    /**
     * By what a program prints: a token, a client certificate, or both.
     *
     * @param field the field that names the program, for messages
     * @param words program and arguments
     * @param environment variables in addition to this process's own
     * @param apiVersion the version that the program is asked for and must answer in
     * @param installHint what to do if the program is missing; "" if nothing is said
     */
    record Plugin(
            String field, List<String> words, Map<String, String> environment, String apiVersion, String installHint)
            implements Login {
        /** Copies the collections. */
        public Plugin {
            words = List.copyOf(words);
            environment = Map.copyOf(environment);
        }
    }
}
