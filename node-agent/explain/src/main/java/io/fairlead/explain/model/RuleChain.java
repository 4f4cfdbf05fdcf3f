package io.fairlead.explain.model;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A chain that any program may have written. Its rules may be parsed only when they are first requested, because a
 * traced packet reaches few of a proxy's chains.
 */
public final class RuleChain {
    private final String name;
    private final @Nullable BaseHook hook;
    private final Supplier<List<NodeRule>> reader;
    private @Nullable List<NodeRule> rules;

    /**
     * Creates a chain whose rules are parsed at the first call of {@link #rules}.
     *
     * @param hook the hook at which the kernel calls the chain; null if only rules call it
     */
    public RuleChain(String name, @Nullable BaseHook hook, Supplier<List<NodeRule>> reader) {
        this.name = name;
        this.hook = hook;
        this.reader = reader;
    }

    /** Creates a chain whose rules are known. */
    public RuleChain(String name, @Nullable BaseHook hook, List<NodeRule> rules) {
        this(name, hook, () -> List.copyOf(rules));
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns the hook at which the kernel calls the chain; null if only rules call it. */
    public @Nullable BaseHook hook() {
        return hook;
    }

    /** Returns the rules, in order. The first call may parse them. */
    public List<NodeRule> rules() {
        List<NodeRule> read = rules;
        if (read == null) {
            read = reader.get();
            rules = read;
        }
        return read;
    }
}
