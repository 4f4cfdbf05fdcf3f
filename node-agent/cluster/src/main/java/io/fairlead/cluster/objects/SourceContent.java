package io.fairlead.cluster.objects;

import java.util.List;
import java.util.SortedMap;

/**
 * What one file holds.
 *
 * @param readable false if some part of it was no YAML or JSON, so that objects may be missing
 * @param setAside objects that are broken
 * @param otherKinds how many objects of each kind that no proxy needs
 */
record SourceContent(
        List<Found> objects,
        List<Problem> problems,
        boolean readable,
        int setAside,
        SortedMap<String, Integer> otherKinds) {

    SourceContent {
        objects = List.copyOf(objects);
        problems = List.copyOf(problems);
    }

    /** These objects, with the other's word on why they are not the newest. */
    SourceContent standingInFor(SourceContent unreadable) {
        return new SourceContent(objects, unreadable.problems, false, setAside, otherKinds);
    }
}
