package io.fairlead.cluster.objects;

import java.util.List;

/**
 * The result of reading one object.
 *
 * @param source the source from which the object was read, as in {@link Problem#source()}
 * @param name kind, namespace and name, as in {@link Problem#object()}
 * @param contents the fields that rules need: one element for most kinds; for a legacy Endpoints object one element for
 *     each subset and IP family; empty if the object is set aside or not meant for a proxy
 * @param problems all problems of the object, in the order in which its fields were read
 * @param setAside whether the object has a value that cannot be used; no part of the object is then used
 */
public record ReadObject(
        String source, ObjectName name, List<ClusterChange> contents, List<Problem> problems, boolean setAside) {

    /** Copies the lists. */
    public ReadObject {
        contents = List.copyOf(contents);
        problems = List.copyOf(problems);
    }
}
