package io.fairlead.agent.logging;

import java.io.Serial;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** The SLF4J logger for one class. SLF4J's levels are converted to verbosities: debug is 4, trace is 6. */
final class SlfLogger extends LegacyAbstractLogger implements LoggingEventAware {
    @Serial
    private static final long serialVersionUID = 1;

    private static final int DEBUG = 4;
    private static final int TRACE = 6;
    private static final String OURS = "io.fairlead.";
    /**
     * A class of fabric8 that logs every failed request as an error. Fairlead's watch already logs the first of several
     * failures.
     */
    private static final String REFLECTOR = "io.fabric8.kubernetes.client.informers.impl.cache.Reflector";

    private final String source;

    SlfLogger(String name) {
        this.name = name;
        this.source = name.substring(name.lastIndexOf('.') + 1);
    }

    @Override
    public boolean isTraceEnabled() {
        return isEnabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return isEnabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return isEnabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return isEnabled(Level.ERROR);
    }

    private boolean isEnabled(Level level) {
        return LogWriter.current().isEnabled(source, verbosity(level));
    }

    /**
     * Returns the verbosity of a line of this logger. For libraries, errors have verbosity 0, except errors of {@link
     * #REFLECTOR}. These and all other lines of libraries have the verbosity of trace lines.
     */
    private int verbosity(Level level) {
        if (name.startsWith(OURS)) {
            return switch (level) {
                case ERROR, WARN, INFO -> 0;
                case DEBUG -> DEBUG;
                case TRACE -> TRACE;
            };
        }
        return level == Level.ERROR && !name.equals(REFLECTOR) ? 0 : TRACE;
    }

    @Override
    public void log(LoggingEvent event) {
        SortedMap<String, Object> fields = new TreeMap<>();
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> fields.put(pair.key, pair.value));
        }
        write(event.getLevel(), event.getMessage(), event.getArgumentArray(), event.getThrowable(), fields);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        write(level, pattern, arguments, thrown, new TreeMap<>());
    }

    private void write(
            Level level,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown,
            SortedMap<String, Object> fields) {
        if (isEnabled(level)) {
            String message = MessageFormatter.basicArrayFormat(pattern, arguments);
            LogWriter.current().write(source, verbosity(level), new LogLine(severity(level), message, fields, thrown));
        }
    }

    private static Severity severity(Level level) {
        return switch (level) {
            case ERROR -> Severity.ERROR;
            case WARN -> Severity.WARNING;
            case INFO, DEBUG, TRACE -> Severity.INFO;
        };
    }
}
