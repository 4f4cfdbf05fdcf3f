package io.fairlead.core.rules;

import io.fairlead.core.plan.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All lines of a change, in a form for people.
 *
 * @param edits the added and removed lines. The edits of one origin are in the order in which a person should read them
 */
public record ChangeReport(List<Edit> edits) {

    /** Copies the list. */
    public ChangeReport {
        edits = List.copyOf(edits);
    }

    /** Returns whether there is no edit. */
    public boolean isEmpty() {
        return edits.isEmpty();
    }

    /** Returns the number of added lines. */
    public long added() {
        return edits.stream().filter(edit -> edit.sign() == Edit.Sign.ADD).count();
    }

    /** Returns the number of removed lines. */
    public long removed() {
        return edits.stream().filter(edit -> edit.sign() == Edit.Sign.REMOVE).count();
    }

    /** Returns the numbers of lines. */
    public Lines lines() {
        return new Lines(added(), removed());
    }

    /** Returns the edits of each origin, the node first. */
    public SortedMap<Origin, List<Edit>> byOrigin() {
        SortedMap<Origin, List<Edit>> grouped = new TreeMap<>();
        for (Edit edit : edits) {
            grouped.computeIfAbsent(edit.origin(), _ -> new ArrayList<>()).add(edit);
        }
        return grouped;
    }

    /** Returns the edits of both reports; the edits of {@code other} come last. */
    public ChangeReport and(ChangeReport other) {
        List<Edit> all = new ArrayList<>(edits);
        all.addAll(other.edits);
        return new ChangeReport(all);
    }
}
