package io.fairlead.cluster.access;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How a request proves who sends it, in addition to a client certificate. */
public sealed interface Login {

    /** The request proves nothing. */
    record None() implements Login {}

    /** The request carries a fixed token. */
    record Token(String token) implements Login {}

    /**
     * The request carries the token of a file.
     *
     * @param fallback the token that is used until the file can be read; "" for none
     */
    record TokenFile(Path path, String fallback) implements Login {}

    /** The request carries a name and a password. */
    record Password(String name, String password) implements Login {}

    /**
     * The request uses what a program prints: a token, a client certificate, or both.
     *
     * @param field the field that names the program, for messages
     * @param words the program and its arguments
     * @param environment variables in addition to those of this process
     * @param apiVersion the version that the program receives and in which it must answer
     * @param installHint what an operator can do if the program is missing; "" for none
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
