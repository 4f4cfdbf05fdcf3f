package io.fairlead.linux.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The effective Linux capabilities of this process (capabilities(7)). If the process runs as root, the programs that it
 * starts inherit the capabilities.
 *
 * @param effective bit n is set if the process has the capability with number n
 */
public record Capabilities(long effective) {
    private static final String LINE = "CapEff:";

    /** The capabilities that the agent needs. */
    public enum Capability {
        /** Needed to read and write rules. */
        NET_ADMIN(12),
        /** Needed to open raw sockets. iptables-legacy uses a raw socket to read and write rules. */
        NET_RAW(13);

        private final int bit;

        Capability(int bit) {
            this.bit = bit;
        }
    }

    /** Returns the capabilities that this process has now. */
    public static Capabilities ofThisProcess() {
        try {
            return parse(Files.readString(Path.of("/proc/self/status"), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the capabilities of this process", e);
        }
    }

    /**
     * Parses the text of /proc/PID/status.
     *
     * @throws IllegalArgumentException if the text has no line CapEff
     */
    static Capabilities parse(String status) {
        return status.lines()
                .filter(line -> line.startsWith(LINE))
                .map(line -> new Capabilities(
                        Long.parseUnsignedLong(line.substring(LINE.length()).strip(), 16)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no line " + LINE));
    }

    /** Returns whether the effective set has this capability. */
    public boolean has(Capability capability) {
        return (effective >>> capability.bit & 1) != 0;
    }
}
