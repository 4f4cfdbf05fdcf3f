package io.fairlead.ui;

import io.fairlead.core.rules.Edit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lines of rules, grouped by the chain or map that they are in. */
record RuleBlock(List<Group> groups) {

    /** The lines in one place. */
    record Group(String place, List<Line> lines) {}

    /**
     * A line.
     *
     * @param added whether the line is added; otherwise it is removed
     */
    record Line(boolean added, String text) {
        String sign() {
            return added ? "+" : "-";
        }

        String style() {
            return added ? "added" : "removed";
        }
    }

    /** Returns the lines by place. All lines in one place are together, in their order. */
    static RuleBlock of(List<Edit> edits) {
        Map<String, List<Line>> places = new LinkedHashMap<>();
        for (Edit edit : edits) {
            places.computeIfAbsent(edit.place(), _ -> new ArrayList<>())
                    .add(new Line(edit.sign() == Edit.Sign.ADD, edit.text()));
        }
        List<Group> groups = new ArrayList<>();
        places.forEach((place, lines) -> groups.add(new Group(place, lines)));
        return new RuleBlock(groups);
    }
}
