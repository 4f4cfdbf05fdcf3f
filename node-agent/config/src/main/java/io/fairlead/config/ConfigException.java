package io.fairlead.config;

import java.io.Serial;
import java.util.List;

/** A configuration that cannot be used. The message has all problems at once (CFG-9). */
public final class ConfigException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    /**
     * An exception with these problems.
     *
     * @param source name of the file
     * @param problems each with the path of its field: "iptables.masqueradeBit: must be from 0 to 31, but is 40"
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
