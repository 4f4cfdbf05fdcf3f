package io.fairlead.cluster.objects;

import java.util.List;

/**
 * The result of reading one object.
 *
 * @param source where the object was read, as in {@link Problem#source()}
 * @param name kind, namespace and name, as in {@link Problem#object()}
 * @param contents what rules need of it: one for most kinds, one for each subset and family of a legacy Endpoints
 *     object; empty if the object is set aside or not meant for a proxy
 * @param problems everything that is wrong with it, in the order of its fields
 * @param setAside whether the object is broken, so that no part of it is used
 */
public record ReadObject(
        String source, ObjectName name, List<ClusterChange> contents, List<Problem> problems, boolean setAside) {

    /** Copies the lists. */
    public ReadObject {
        contents = List.copyOf(contents);
        problems = List.copyOf(problems);
    }
}
