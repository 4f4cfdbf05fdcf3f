package io.fairlead.agent.process;

import io.fairlead.linux.Libc;
import io.fairlead.linux.process.ProgramMissingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Releases memory that an idle agent does not need. First, files that are mapped read-only: the JVM's archive of
 * classes and its libraries. The kernel maps them in large pieces (Linux 6.18: all 35 MiB of the archive's unchanging
 * part at the first read). Second, memory outside Java's heap that is free again, mostly of the JVM's compiler: glibc
 * keeps it, about 14 MiB after a start.
 */
public final class IdleMemory {
    /** MADV_DONTNEED. */
    private static final int NOT_NEEDED = 4;

    private static final int HEXADECIMAL = 16;

    /** A line of smaps that starts a mapping: addresses, rights, offset, device, inode, file. */
    private static final Pattern MAPPING =
            Pattern.compile("([0-9a-f]+)-([0-9a-f]+) ([r-])([w-])\\S+ \\S+ \\S+ \\d+ +(\\S.*)");

    private IdleMemory() {}

    /**
     * A part of a file in memory.
     *
     * @param length the length in bytes
     */
    record Piece(long address, long length, String file) {}

    /**
     * Gives the memory back to the system. The pages of files stay in the page cache, and each is mapped again when it
     * is next read. Where the system does not permit this, all memory is kept.
     */
    public static void release() {
        try {
            Libc libc = Libc.load();
            libc.malloc_trim(0);
            for (Piece piece : unchanged(Files.readAllLines(Path.of("/proc/self/smaps"), StandardCharsets.UTF_8))) {
                libc.madvise(piece.address(), piece.length(), NOT_NEEDED);
            }
        } catch (IOException | ProgramMissingException _) {
            // The agent works the same with more memory.
        }
    }

    /** Returns the mappings that are equal to their files: they cannot be written, and no page is a private copy. */
    static List<Piece> unchanged(List<String> smaps) {
        List<Piece> pieces = new ArrayList<>();
        Piece piece = null;
        for (String line : smaps) {
            Matcher mapping = MAPPING.matcher(line);
            if (mapping.matches()) {
                long from = Long.parseUnsignedLong(mapping.group(1), HEXADECIMAL);
                long to = Long.parseUnsignedLong(mapping.group(2), HEXADECIMAL);
                String file = mapping.group(5);
                boolean isRead =
                        mapping.group(3).equals("r") && mapping.group(4).equals("-") && file.startsWith("/");
                piece = isRead ? new Piece(from, to - from, file) : null;
            } else if (line.startsWith("Anonymous:") && piece != null) {
                if (line.strip().endsWith(" 0 kB")) {
                    pieces.add(piece);
                }
                piece = null;
            }
        }
        return pieces;
    }
}
