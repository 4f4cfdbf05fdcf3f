package io.fairlead.cluster.objects;

import java.util.ArrayList;
import java.util.List;

/** Collects everything that is wrong with one object, so that all of it is reported at once. */
final class Findings {
    private final SourcePosition position;
    private final String object;
    private final List<Problem> problems = new ArrayList<>();
    private boolean setAside;

    Findings(SourcePosition position, String object) {
        this.position = position;
        this.object = object;
    }

    /** The whole object cannot be used. */
    void setAside(String field, String message) {
        setAside = true;
        add(Problem.Severity.ERROR, field, message + "; the object is left out");
    }

    /** A part of the object cannot be used; the rest can. */
    void leftOut(String field, String message) {
        add(Problem.Severity.ERROR, field, message);
    }

    /** An entry is skipped, as in kube-proxy. */
    void skipped(String field, String message) {
        add(Problem.Severity.WARNING, field, message);
    }

    /** The object, or an entry, is not meant for a proxy. */
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
