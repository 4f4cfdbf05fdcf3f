package io.fairlead.iptables.kernel;

import io.fairlead.core.plan.Origin;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.diff.TableDiff;
import io.fairlead.iptables.rule.TableRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds the Service because of which a whole table is refused, by binary search. If one half of the Services is
 * accepted, it stays in force while the other half is divided. Therefore each step needs one restore. At the end, the
 * table has the same rules as before the search.
 */
final class FaultSearch {
    private final Predicate<TableChange> accepted;

    /**
     * The result of the search.
     *
     * @param culprit the origin at fault; empty if the change has no origins, or if it has several origins and the
     *     kernel accepted no part of the change
     * @param restored false if the kernel refused to restore the rules from before the search
     */
    record Found(Optional<Origin> culprit, boolean restored) {}

    FaultSearch(Predicate<TableChange> accepted) {
        this.accepted = accepted;
    }

    Found in(TableChange change) {
        Set<Origin> good = new HashSet<>();
        List<Origin> suspects = new ArrayList<>(change.origins());
        TableRules state = change.before();
        while (suspects.size() > 1) {
            List<Origin> half = suspects.subList(0, suspects.size() / 2);
            Set<Origin> tried = new HashSet<>(good);
            tried.addAll(half);
            TableRules next = change.only(tried).after();
            if (accepted(TableDiff.between(change.family(), state, next))) {
                state = next;
                good = tried;
                suspects = suspects.subList(suspects.size() / 2, suspects.size());
            } else {
                suspects = half;
            }
        }
        Optional<Origin> culprit = suspects.stream().findFirst();
        if (good.isEmpty() && change.origins().size() > 1) {
            TableRules others = change.only(others(change, culprit)).after();
            if (accepted(TableDiff.between(change.family(), state, others))) {
                state = others;
            } else {
                culprit = Optional.empty();
            }
        }
        boolean restored = accepted(TableDiff.between(change.family(), state, change.before()));
        return new Found(culprit, restored);
    }

    private static Set<Origin> others(TableChange change, Optional<Origin> culprit) {
        Set<Origin> others = new HashSet<>(change.origins());
        culprit.ifPresent(others::remove);
        return others;
    }

    private boolean accepted(TableChange part) {
        return part.isEmpty() || accepted.test(part);
    }
}
