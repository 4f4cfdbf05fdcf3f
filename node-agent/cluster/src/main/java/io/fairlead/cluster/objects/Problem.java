package io.fairlead.cluster.objects;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A mistake in the input.
 *
 * @param source where the object was read, for people: "objects.yaml, document 2"
 * @param object kind, namespace and name: "Service default/web"; "" if the problem concerns the source as a whole
 * @param field the path inside the object: "spec.ports[0].port"; "" if the problem concerns the object as a whole
 * @param message one clause that says what is wrong, with the value
 */
public record Problem(Severity severity, String source, String object, String field, String message) {

    /** The effect of a problem. */
    public enum Severity {
        /** An object, an endpoint or a whole document is left out. */
        ERROR,
        /** One entry of an object is skipped, as in kube-proxy. */
        WARNING,
        /** Something is not meant for a proxy and is ignored. */
        NOTE
    }

    /** Returns everything in one line, without the severity. */
    public String text() {
        return Stream.of(source, object, field, message)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(": "));
    }
}
