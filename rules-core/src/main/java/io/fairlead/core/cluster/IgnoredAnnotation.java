package io.fairlead.core.cluster;

/**
 * An annotation of a Service that has no effect, because its value cannot be used.
 *
 * @param name the name of the annotation: "fairlead.io/backends"
 * @param value the value for people, in quotes; a long value is cut
 * @param reason the reason, with what is allowed
 */
public record IgnoredAnnotation(String name, String value, String reason) {
    /** Returns one sentence for people. It names the annotation, the value, and what is allowed. */
    public String text() {
        return "annotation " + name + " with the value " + value + " is ignored, because " + reason;
    }
}
