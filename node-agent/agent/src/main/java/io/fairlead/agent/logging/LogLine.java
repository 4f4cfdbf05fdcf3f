package io.fairlead.agent.logging;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One log line.
 *
 * @param message the text for users, which is complete without the fields
 * @param fields the same facts for programs, which are written only in JSON format. Values are texts, numbers,
 *     booleans, and lists and maps of them
 * @param thrown the logged exception; null if there is none
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

    /** Returns an info line without fields or exception. */
    public static LogLine info(String message) {
        return new LogLine(Severity.INFO, message, new TreeMap<>(), null);
    }

    /** Returns a warning without fields or exception. */
    public static LogLine warning(String message) {
        return new LogLine(Severity.WARNING, message, new TreeMap<>(), null);
    }

    /** Returns an error without fields or exception. */
    public static LogLine error(String message) {
        return new LogLine(Severity.ERROR, message, new TreeMap<>(), null);
    }

    /** Returns the same line with an additional field. */
    public LogLine with(String name, Object value) {
        SortedMap<String, Object> more = new TreeMap<>(fields);
        more.put(name, value);
        return new LogLine(severity, message, more, thrown);
    }
}
