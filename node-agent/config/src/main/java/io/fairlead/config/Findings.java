package io.fairlead.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is found to be wrong with a configuration: all of it, to be reported once. */
final class Findings {
    private final Map<String, Integer> lines;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** Findings about a file with these lines of its fields; about flags if there are none. */
    Findings(Map<String, Integer> lines) {
        this.lines = lines;
    }

    /** Something that makes the configuration useless. */
    void problem(String path, String message) {
        problems.add(text(path, ": " + message));
    }

    /** Something that is ignored, or likely a mistake. */
    void warning(String path, String message) {
        warnings.add(text(path, ": " + message));
    }

    /** A field that should have been this, with the value it has. */
    void mustBe(String path, String allowed, Object shown) {
        problem(path, "must be " + allowed + ", but is " + shown);
    }

    /** Whether the file has this field. */
    boolean has(String path) {
        return lines.containsKey(path);
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** The message with the path, and where there is one the line, in front. */
    private String text(String path, String message) {
        Integer line = lines.get(path);
        return (line == null ? "" : "line " + line + ": ") + path + message;
    }

    /** A remark about a field. */
    String remark(String path, String message) {
        return text(path, " " + message);
    }
}
