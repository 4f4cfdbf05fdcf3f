package io.fairlead.iptables.kernel;

import io.fairlead.iptables.diff.TableChange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Deletes the objects that the kernel allows to delete. If the kernel refuses a set of deletions, the set is divided
 * into halves, and each half is tried. For one chain to which another program refers, this needs about 2 log2 n
 * restores for n deletions.
 */
final class Removals {
    private final Predicate<TableChange> accepted;
    private final List<TableChange> refused = new ArrayList<>();

    Removals(Predicate<TableChange> accepted) {
        this.accepted = accepted;
    }

    /**
     * Deletes each object if the kernel allows it.
     *
     * @param parts changes that each delete one object; all of them start from the same rules
     * @return the parts that the kernel refuses
     */
    List<TableChange> take(List<TableChange> parts) {
        if (!parts.isEmpty()) {
            halve(parts);
        }
        return List.copyOf(refused);
    }

    private void halve(List<TableChange> parts) {
        if (accepted.test(TableChange.joined(parts))) {
            return;
        }
        if (parts.size() == 1) {
            refused.add(parts.getFirst());
            return;
        }
        halve(parts.subList(0, parts.size() / 2));
        halve(parts.subList(parts.size() / 2, parts.size()));
    }
}
