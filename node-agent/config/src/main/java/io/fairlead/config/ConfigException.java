package io.fairlead.config;

import java.io.Serial;
import java.util.List;

/** A configuration that cannot be used. All that is wrong with it is said at once (CFG-9). */
public final class ConfigException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    /**
     * A configuration with these problems.
     *
     * @param source the file
     * @param problems each with the path of its field: "iptables.masqueradeBit: not in 0 to 31: 40"
     */
    ConfigException(String source, List<String> problems) {
        super("configuration " + source + " cannot be used: " + String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each with the path of its field. */
    public List<String> problems() {
        return problems;
    }
}
