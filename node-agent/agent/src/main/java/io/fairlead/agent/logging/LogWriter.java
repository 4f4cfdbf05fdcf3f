package io.fairlead.agent.logging;

import io.fairlead.linux.time.SystemTime;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes log lines without buffering. In text format, a line has the form of klog: {@code I1124 09:16:40.123456 1
 * Source] message}. In JSON format, a line has the fields of kube-proxy's {@code --logging-format json}: {@code ts} (in
 * milliseconds), {@code msg}, {@code v} (info lines only) and {@code err} (errors only). Fairlead adds {@code logger},
 * {@code severity} (warnings only), {@code stacktrace} (if there is an exception) and the line's own fields. klog
 * writes the name of the source file; this class writes the name of the Java class instead. Thread-safe.
 */
public final class LogWriter {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MMdd HH:mm:ss.SSSSSS", Locale.ROOT);
    private static final long PROCESS = ProcessHandle.current().pid();
    /**
     * The writer for all lines from SLF4J. It is static because a process has only one SLF4J provider. Until another
     * writer is installed, lines are written to standard error.
     */
    private static final AtomicReference<LogWriter> CURRENT = new AtomicReference<>(new LogWriter(
            LogSettings.DEFAULT,
            stream(FileDescriptor.out),
            stream(FileDescriptor.err),
            new SystemTime(),
            ZoneId.systemDefault()));

    private final PrintWriter out;
    private final PrintWriter err;
    private final InstantSource clock;
    private final ZoneId zone;
    private volatile LogSettings settings;

    /** Creates a writer that writes to these streams and flushes them after each line. */
    public LogWriter(LogSettings settings, PrintWriter out, PrintWriter err, InstantSource clock, ZoneId zone) {
        this.settings = settings;
        this.out = out;
        this.err = err;
        this.clock = clock;
        this.zone = zone;
    }

    private static PrintWriter stream(FileDescriptor descriptor) {
        return new PrintWriter(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** Makes this writer the receiver of all lines from SLF4J. */
    public void install() {
        CURRENT.set(this);
    }

    static LogWriter current() {
        return CURRENT.get();
    }

    /** Sets the verbosity of the log, with immediate effect (HTTP-10, {@code /debug/flags/v}). */
    public void verbosity(int verbosity) {
        settings = settings.with(verbosity);
    }

    /** Returns whether info lines of this source with this verbosity are written. */
    boolean isEnabled(String source, int verbosity) {
        return verbosity <= settings.verbosity(source);
    }

    /** Writes a line, independent of the verbosity. */
    public void write(String source, LogLine line) {
        write(source, 0, line);
    }

    /**
     * Writes a line if its verbosity is enabled.
     *
     * @param source the simple name of the class that logs the line
     * @param verbosity 0 for lines that are always written; ignored for errors and warnings
     */
    void write(String source, int verbosity, LogLine line) {
        LogSettings now = settings;
        if (line.severity() == Severity.INFO && verbosity > now.verbosity(source)) {
            return;
        }
        Instant time = clock.instant();
        String text = now.json() ? json(time, source, verbosity, line) : text(time, source, line);
        PrintWriter stream = now.split() && line.severity() != Severity.ERROR ? out : err;
        synchronized (this) {
            stream.print(text);
            stream.flush();
        }
    }

    private String text(Instant time, String source, LogLine line) {
        StringBuilder text = new StringBuilder();
        text.append(line.severity().letter())
                .append(TIME.format(time.atZone(zone)))
                .append(String.format(Locale.ROOT, " %7d ", PROCESS))
                .append(source)
                .append("] ")
                .append(line.message().replace('\n', ' '))
                .append('\n');
        if (line.thrown() != null) {
            text.append(stackTrace(line.thrown()));
        }
        return text.toString();
    }

    private static String json(Instant time, String source, int verbosity, LogLine line) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("ts", BigDecimal.valueOf(time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000, 3));
        object.put("logger", source);
        object.put("msg", line.message());
        switch (line.severity()) {
            case ERROR ->
                object.put("err", line.thrown() == null ? "" : line.thrown().toString());
            case WARNING -> object.put("severity", "warning");
            case INFO -> object.put("v", verbosity);
        }
        line.fields().forEach(object::putIfAbsent);
        if (line.thrown() != null) {
            object.put("stacktrace", stackTrace(line.thrown()));
        }
        return JSON.writeValueAsString(object) + "\n";
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
