package io.fairlead.cluster.objects;

import java.util.List;
import java.util.SortedMap;

/**
 * The objects and problems of one file.
 *
 * @param readable false if a part of the file could not be parsed, so that objects may be missing
 * @param otherKinds for each kind that no proxy needs: the number of its objects
 * @param pods the collected data about pods; {@link PodReading.Result#NONE} if such data was not requested
 */
record SourceContent(
        List<ReadObject> objects,
        List<Problem> problems,
        boolean readable,
        SortedMap<String, Integer> otherKinds,
        PodReading.Result pods) {

    SourceContent {
        objects = List.copyOf(objects);
        problems = List.copyOf(problems);
    }

    /** Returns the number of objects that are set aside. */
    int setAside() {
        return (int) objects.stream().filter(ReadObject::setAside).count();
    }

    /** Returns the fields that rules need, of all objects that are not set aside. */
    List<ClusterChange> contents() {
        return objects.stream().flatMap(object -> object.contents().stream()).toList();
    }

    /**
     * Returns the objects of this content with the problems of a newer content of the same file that cannot be parsed.
     * The problems say why the newer objects are not used.
     */
    SourceContent standingInFor(SourceContent unreadable) {
        return new SourceContent(objects, unreadable.problems, false, otherKinds, pods);
    }
}
