package io.fairlead.cluster.objects;

import java.util.List;
import java.util.SortedMap;

/**
 * What one file holds.
 *
 * @param readable false if some part of it was no YAML or JSON, so that objects may be missing
 * @param otherKinds how many objects of each kind that no proxy needs
 */
record SourceContent(
        List<ReadObject> objects, List<Problem> problems, boolean readable, SortedMap<String, Integer> otherKinds) {

    SourceContent {
        objects = List.copyOf(objects);
        problems = List.copyOf(problems);
    }

    /** How many objects are broken. */
    int setAside() {
        return (int) objects.stream().filter(ReadObject::setAside).count();
    }

    /** What rules need of all objects that are in order. */
    List<ClusterChange> contents() {
        return objects.stream().flatMap(object -> object.contents().stream()).toList();
    }

    /** These objects in the place of the other's, whose problems say why they are not the newest. */
    SourceContent standingInFor(SourceContent unreadable) {
        return new SourceContent(objects, unreadable.problems, false, otherKinds);
    }
}
