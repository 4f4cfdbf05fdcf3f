package io.fairlead.core.rules;

import io.fairlead.core.plan.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A whole change, line by line.
 *
 * @param edits in the order in which a person should read them within one origin
 */
public record ChangeReport(List<Edit> edits) {

    /** Copies the list. */
    public ChangeReport {
        edits = List.copyOf(edits);
    }

    /** True if nothing differs. */
    public boolean isEmpty() {
        return edits.isEmpty();
    }

    /** Lines that come. */
    public long added() {
        return edits.stream().filter(edit -> edit.sign() == Edit.Sign.ADD).count();
    }

    /** Lines that go. */
    public long removed() {
        return edits.stream().filter(edit -> edit.sign() == Edit.Sign.REMOVE).count();
    }

    /** The lines of each Service, the node's own first. */
    public SortedMap<Origin, List<Edit>> byOrigin() {
        SortedMap<Origin, List<Edit>> grouped = new TreeMap<>();
        for (Edit edit : edits) {
            grouped.computeIfAbsent(edit.origin(), _ -> new ArrayList<>()).add(edit);
        }
        return grouped;
    }

    /** Both, the other's lines after these. */
    public ChangeReport and(ChangeReport other) {
        List<Edit> all = new ArrayList<>(edits);
        all.addAll(other.edits);
        return new ChangeReport(all);
    }
}
