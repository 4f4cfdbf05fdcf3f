package io.fairlead.explain.model;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A chain of any program. Its rules are read when a packet first meets it: most chains of a proxy are never met. */
public final class RuleChain {
    private final String name;
    private final @Nullable BaseHook hook;
    private final Supplier<List<NodeRule>> reader;
    private @Nullable List<NodeRule> rules;

    /**
     * A chain whose rules are read later.
     *
     * @param hook where the kernel calls it; null if only other rules lead to it
     */
    public RuleChain(String name, @Nullable BaseHook hook, Supplier<List<NodeRule>> reader) {
        this.name = name;
        this.hook = hook;
        this.reader = reader;
    }

    /** A chain whose rules are known. */
    public RuleChain(String name, @Nullable BaseHook hook, List<NodeRule> rules) {
        this(name, hook, () -> List.copyOf(rules));
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns where the kernel calls the chain; null if only other rules lead to it. */
    public @Nullable BaseHook hook() {
        return hook;
    }

    /** Returns the rules, in order. */
    public List<NodeRule> rules() {
        List<NodeRule> read = rules;
        if (read == null) {
            read = reader.get();
            rules = read;
        }
        return read;
    }
}
