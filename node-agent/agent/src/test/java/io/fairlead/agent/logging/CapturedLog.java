package io.fairlead.agent.logging;

import java.io.PrintWriter;
import java.io.Writer;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Captures the lines that this process logs, until it is closed. This works because the tests of a JVM run one after
 * the other.
 */
public final class CapturedLog implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final LogWriter before = LogWriter.current();

    /** Starts to capture the lines. */
    public CapturedLog(InstantSource clock) {
        PrintWriter out = new PrintWriter(new Lines());
        new LogWriter(LogSettings.DEFAULT, out, out, clock, ZoneOffset.UTC).install();
    }

    /** Returns each line in the form of its severity letter and its message: "W affinity list of ...". */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Returns the messages of all lines. */
    public List<String> messages() {
        return lines.stream().map(line -> line.substring(2)).toList();
    }

    @Override
    public void close() {
        before.install();
    }

    /** Splits the output of the log into lines. Each call contains one line, with its stack trace if there is one. */
    private final class Lines extends Writer {
        @Override
        public void write(char[] buffer, int offset, int length) {
            String text = new String(buffer, offset, length);
            int message = text.indexOf("] ");
            lines.add(text.charAt(0) + " "
                    + text.substring(message + 2).lines().findFirst().orElse(""));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
