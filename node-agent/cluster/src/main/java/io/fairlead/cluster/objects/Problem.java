package io.fairlead.cluster.objects;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A problem in a cluster object or in its source.
 *
 * @param source the source from which the object was read, as text for users: "objects.yaml, document 2"
 * @param object the object's kind, namespace and name: "Service default/web"; "" if the problem concerns the source as
 *     a whole
 * @param field the path inside the object: "spec.ports[0].port"; "" if the problem concerns the object as a whole
 * @param message one clause that says what is wrong, with the value
 */
public record Problem(Severity severity, String source, String object, String field, String message) {

    /** The severity of a problem, which depends on its effect. */
    public enum Severity {
        /** An object, an endpoint or a whole document is left out. */
        ERROR,
        /** One entry of an object is skipped, as in kube-proxy. The rest of the object is used. */
        WARNING,
        /** An object or an entry of an object is ignored because it is not meant for a proxy. */
        NOTE
    }

    /** Returns all parts except the severity in one line. */
    public String text() {
        return Stream.of(source, object, field, message)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(": "));
    }
}
