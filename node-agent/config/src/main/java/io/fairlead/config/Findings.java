package io.fairlead.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Collects all problems and warnings about a configuration, so that they are reported together. */
final class Findings {
    private final Map<String, Integer> lines;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /**
     * Creates an empty collection.
     *
     * @param lines the line of each field in the configuration file, by path; empty if there is no file
     */
    Findings(Map<String, Integer> lines) {
        this.lines = lines;
    }

    /** Adds a problem because of which the configuration cannot be used. */
    void problem(String path, String message) {
        problems.add(text(path, ": " + message));
    }

    /** Adds a warning about a value that is ignored or is probably a mistake. */
    void warning(String path, String message) {
        warnings.add(text(path, ": " + message));
    }

    /**
     * Adds a problem about a field with a wrong value.
     *
     * @param allowed a description of the allowed values
     * @param shown the actual value
     */
    void mustBe(String path, String allowed, Object shown) {
        problem(path, "must be " + allowed + ", but is " + shown);
    }

    /** Returns whether the configuration file sets the field with this path. */
    boolean has(String path) {
        return lines.containsKey(path);
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Returns the line (if it is known), the path and the message as one text. */
    private String text(String path, String message) {
        Integer line = lines.get(path);
        return (line == null ? "" : "line " + line + ": ") + path + message;
    }

    /** Returns a message about a field without adding it to the problems or warnings. */
    String remark(String path, String message) {
        return text(path, " " + message);
    }
}
