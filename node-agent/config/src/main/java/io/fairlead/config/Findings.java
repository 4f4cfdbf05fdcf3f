package io.fairlead.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Collects all problems and warnings of a configuration, so that they are reported at once. */
final class Findings {
    private final Map<String, Integer> lines;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** Findings about a file whose fields have these lines; about flags if there are none. */
    Findings(Map<String, Integer> lines) {
        this.lines = lines;
    }

    /** Adds a problem. The configuration cannot be used. */
    void problem(String path, String message) {
        problems.add(text(path, ": " + message));
    }

    /** Adds a warning: something is ignored or probably a mistake. */
    void warning(String path, String message) {
        warnings.add(text(path, ": " + message));
    }

    /** Adds a problem: what the field must be, and what it is. */
    void mustBe(String path, String allowed, Object shown) {
        problem(path, "must be " + allowed + ", but is " + shown);
    }

    /** Returns whether the file has this field. */
    boolean has(String path) {
        return lines.containsKey(path);
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Returns the message, with the path before it, and before that the line if there is one. */
    private String text(String path, String message) {
        Integer line = lines.get(path);
        return (line == null ? "" : "line " + line + ": ") + path + message;
    }

    /** Returns a remark about a field. */
    String remark(String path, String message) {
        return text(path, " " + message);
    }
}
