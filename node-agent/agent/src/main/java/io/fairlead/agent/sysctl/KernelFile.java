package io.fairlead.agent.sysctl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file under /proc or /sys that holds one number or word. */
public final class KernelFile {
    /** Bytes; more than any number has. */
    private static final int MOST = 64;

    private KernelFile() {}

    /**
     * What it says, without the line's end.
     *
     * <p>By one read: numbers below /proc/sys end for whoever reads on after a first part, and {@link
     * Files#readString} begins with one byte where a file says that it is empty, as those do: of 262144 it returns
     * "2" (seen with JDK 25 and Linux 6.18).
     *
     * @throws IOException if there is no such file, or it cannot be read
     */
    public static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST), StandardCharsets.US_ASCII).strip();
        }
    }
}
