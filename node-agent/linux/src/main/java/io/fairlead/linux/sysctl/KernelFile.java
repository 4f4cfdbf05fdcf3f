package io.fairlead.linux.sysctl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file under /proc or /sys that contains one number or word. */
public final class KernelFile {
    /** The greatest length in bytes that is read, more than any number needs. */
    private static final int MOST = 64;

    private KernelFile() {}

    /**
     * Returns the content of a file, without the line end.
     *
     * <p>The first read requests all bytes, because a second read of a number below /proc/sys returns nothing. {@link
     * Files#readString} is not used: if the reported size of a file is 0, as for these files, it first reads one byte.
     * For a file with 262144 it returns "2" (JDK 25 and Linux 6.18).
     *
     * @throws IOException if there is no such file, or it cannot be read
     */
    public static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST), StandardCharsets.US_ASCII).strip();
        }
    }
}
