package io.fairlead.cluster.objects;

import java.util.List;
import java.util.SortedMap;

/**
 * The content of one file.
 *
 * @param readable false if a part of it was not YAML or JSON, so that objects may be missing
 * @param otherKinds the number of objects of each kind that no proxy needs
 */
record SourceContent(
        List<ReadObject> objects, List<Problem> problems, boolean readable, SortedMap<String, Integer> otherKinds) {

    SourceContent {
        objects = List.copyOf(objects);
        problems = List.copyOf(problems);
    }

    /** Returns the number of broken objects. */
    int setAside() {
        return (int) objects.stream().filter(ReadObject::setAside).count();
    }

    /** Returns what rules need, of all objects that are not broken. */
    List<ClusterChange> contents() {
        return objects.stream().flatMap(object -> object.contents().stream()).toList();
    }

    /** Returns these objects with the problems of the newer content, which say why its objects are not used. */
    SourceContent standingInFor(SourceContent unreadable) {
        return new SourceContent(objects, unreadable.problems, false, otherKinds);
    }
}
