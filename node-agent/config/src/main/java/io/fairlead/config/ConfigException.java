package io.fairlead.config;

import java.io.Serial;
import java.util.List;

/** Thrown if a configuration cannot be used. The message contains all problems (CFG-9). */
public final class ConfigException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    /**
     * Creates an exception with these problems.
     *
     * @param source the name of the file
     * @param problems the problems, each with the path of its field: "iptables.masqueradeBit: must be from 0 to 31, but
     *     is 40"
     */
    ConfigException(String source, List<String> problems) {
        super("configuration " + source + " cannot be used: " + String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Returns the problems, each with the path of its field. */
    public List<String> problems() {
        return problems;
    }
}
