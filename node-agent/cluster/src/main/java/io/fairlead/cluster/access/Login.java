package io.fairlead.cluster.access;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The way in which a request identifies its user, in addition to a client certificate. */
public sealed interface Login {

    /** The request contains no credentials. */
    record None() implements Login {}

    /** The request contains a fixed bearer token. */
    record Token(String token) implements Login {}

    /**
     * The request contains a bearer token that is read from a file.
     *
     * @param fallback the token that is used until the file can be read; "" for none
     */
    record TokenFile(Path path, String fallback) implements Login {}

    /** The request contains a user name and a password. */
    record Password(String name, String password) implements Login {}

    /**
     * The request uses credentials that a program prints: a bearer token, a client certificate, or both.
     *
     * @param field the field of the kubeconfig that names the program, for messages
     * @param words the program and its arguments
     * @param environment the environment variables of the program in addition to those of this process
     * @param apiVersion the API version of the request to the program and of the answer that it must print
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
