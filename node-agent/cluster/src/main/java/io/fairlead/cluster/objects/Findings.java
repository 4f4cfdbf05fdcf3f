package io.fairlead.cluster.objects;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects all problems of one object, so that they are reported together. An object with a value that cannot be used
 * is "set aside": no part of the object is used until it changes.
 */
final class Findings {
    private final SourcePosition position;
    private final String object;
    private final List<Problem> problems = new ArrayList<>();
    private boolean setAside;

    Findings(SourcePosition position, String object) {
        this.position = position;
        this.object = object;
    }

    /** Reports a problem because of which no part of the object can be used. */
    void setAside(String field, String message) {
        setAside = true;
        add(Problem.Severity.ERROR, field, message + "; the object is left out");
    }

    /** Reports that one part of the object cannot be used. The rest of the object is used. */
    void leftOut(String field, String message) {
        add(Problem.Severity.ERROR, field, message);
    }

    /** Reports that an entry is skipped, as in kube-proxy. */
    void skipped(String field, String message) {
        add(Problem.Severity.WARNING, field, message);
    }

    /** Reports that the object, or one entry of the object, is not meant for a proxy. */
    void ignored(String field, String message) {
        add(Problem.Severity.NOTE, field, message);
    }

    boolean isSetAside() {
        return setAside;
    }

    List<Problem> problems() {
        return problems;
    }

    private void add(Problem.Severity severity, String field, String message) {
        problems.add(new Problem(severity, position.text(), object, field, message));
    }
}
