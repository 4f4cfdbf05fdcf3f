package io.fairlead.core.rules;

/** The numbers of added and removed lines of a change. */
public record Lines(long added, long removed) {
    /** No line. */
    public static final Lines NONE = new Lines(0, 0);

    /** Returns the sums. */
    public Lines and(Lines other) {
        return new Lines(added + other.added, removed + other.removed);
    }
}
