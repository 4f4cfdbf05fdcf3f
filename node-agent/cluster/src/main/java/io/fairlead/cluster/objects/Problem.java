package io.fairlead.cluster.objects;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something in the input that is not as it should be.
 *
 * @param source where it was read, for people: "objects.yaml, document 2"
 * @param object kind, namespace and name: "Service default/web"; "" if it is about the source as a whole
 * @param field path inside the object: "spec.ports[0].port"; "" if it is about the object as a whole
 * @param message one clause that says what is wrong, with the value
 */
public record Problem(Severity severity, String source, String object, String field, String message) {

    /** What came of it. */
    public enum Severity {
        /** An object, an endpoint or a whole document is left out. */
        ERROR,
        /** One entry of an object is left out, as kube-proxy leaves it out. */
        WARNING,
        /** Something is not meant for a proxy and is passed over. */
        NOTE
    }

    /** Everything on one line, without the severity. */
    public String text() {
        return Stream.of(source, object, field, message)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(": "));
    }
}
