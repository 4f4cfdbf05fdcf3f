package io.fairlead.linux.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the kernel lets this process do beyond what everybody may (capabilities(7)), by the effective set. Programs that
 * are started inherit it where this process is root's.
 *
 * @param effective a bit for each capability
 */
public record Capabilities(long effective) {
    private static final String LINE = "CapEff:";

    /** Those that an agent needs. */
    public enum Capability {
        /** To read and write rules. */
        NET_ADMIN(12),
        /** To open raw sockets, by which iptables-legacy speaks to the kernel. */
        NET_RAW(13);

        private final int bit;

        Capability(int bit) {
            this.bit = bit;
        }
    }

    /** This process's own, as they are now. */
    public static Capabilities ofThisProcess() {
        try {
            return parse(Files.readString(Path.of("/proc/self/status"), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("while reading this process's capabilities", e);
        }
    }

    /**
     * Reads the text of /proc/PID/status.
     *
     * @throws IllegalArgumentException if it does not tell
     */
    static Capabilities parse(String status) {
        return status.lines()
                .filter(line -> line.startsWith(LINE))
                .map(line -> new Capabilities(
                        Long.parseUnsignedLong(line.substring(LINE.length()).strip(), 16)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no line " + LINE));
    }

    /** Whether it may. */
    public boolean has(Capability capability) {
        return (effective >>> capability.bit & 1) != 0;
    }
}
