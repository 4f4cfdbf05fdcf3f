package io.fairlead.iptables.kernel;

import io.fairlead.iptables.diff.TableChange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Deletes what the kernel allows to delete, by halving a deletion that the kernel refuses as a whole. One chain that
 * another program refers to costs about twice the logarithm of the number of deletions in restores.
 */
final class Removals {
    private final Predicate<TableChange> accepted;
    private final List<TableChange> refused = new ArrayList<>();

    Removals(Predicate<TableChange> accepted) {
        this.accepted = accepted;
    }

    /**
     * Tries each part.
     *
     * @param parts each deletes one thing, and starts from the same rules
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
