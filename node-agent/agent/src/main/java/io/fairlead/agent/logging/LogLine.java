package io.fairlead.agent.logging;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One line of the log.
 *
 * @param message the text for people, complete without the fields
 * @param fields the same facts for programs, written in JSON only. Values are text, numbers, booleans, and lists and
 *     maps of these
 * @param thrown the exception; null if there is none
 */
public record LogLine(
        Severity severity,
        String message,
        SortedMap<String, Object> fields,
        @Nullable Throwable thrown) {

    /** Copies the map. */
    public LogLine {
        fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    }

    /** Returns an info line without fields. */
    public static LogLine info(String message) {
        return new LogLine(Severity.INFO, message, new TreeMap<>(), null);
    }

    /** Returns a warning without fields. */
    public static LogLine warning(String message) {
        return new LogLine(Severity.WARNING, message, new TreeMap<>(), null);
    }

    /** Returns an error without fields. */
    public static LogLine error(String message) {
        return new LogLine(Severity.ERROR, message, new TreeMap<>(), null);
    }

    /** Returns the same line with one more field. */
    public LogLine with(String name, Object value) {
        SortedMap<String, Object> more = new TreeMap<>(fields);
        more.put(name, value);
        return new LogLine(severity, message, more, thrown);
    }
}
