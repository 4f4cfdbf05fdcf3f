package io.fairlead.agent.logging;

import java.io.PrintWriter;
import java.io.Writer;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The lines that this process logs from now on, until it is closed; the tests of a JVM run one after the other. */
public final class CapturedLog implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final LogWriter before = LogWriter.current();

    /** Captures from now on. */
    public CapturedLog(InstantSource clock) {
        PrintWriter out = new PrintWriter(new Lines());
        new LogWriter(LogSettings.DEFAULT, out, out, clock, ZoneOffset.UTC).install();
    }

    /**
     * Every line without what stands before its message, but for the letter of its severity: "W affinity list of ...".
     */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Every message. */
    public List<String> messages() {
        return lines.stream().map(line -> line.substring(2)).toList();
    }

    @Override
    public void close() {
        before.install();
    }

    /** The log writes a line at a time, or a line with its stack trace. */
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
