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
 * Releases two kinds of memory that an idle agent does not need. The first kind is the memory for files that are mapped
 * read-only: the JVM's archive of classes and its libraries. The kernel maps these files in large pieces. For example,
 * Linux 6.18 maps all 35 MiB of the unchanging part of the archive at the first read. The second kind is freed memory
 * outside Java's heap, mostly of the JVM's compiler. glibc keeps this memory, about 14 MiB after a start.
 */
public final class IdleMemory {
    /** MADV_DONTNEED: the advice to {@code madvise} that pages are not needed. */
    private static final int NOT_NEEDED = 4;

    private static final int HEXADECIMAL = 16;

    /**
     * The pattern of the first line of a mapping in /proc/self/smaps: addresses, rights, offset, device, inode and
     * file.
     */
    private static final Pattern MAPPING =
            Pattern.compile("([0-9a-f]+)-([0-9a-f]+) ([r-])([w-])\\S+ \\S+ \\S+ \\d+ +(\\S.*)");

    private IdleMemory() {}

    /**
     * A mapping of a part of a file.
     *
     * @param address the address of the first byte
     * @param length the length in bytes
     */
    record Piece(long address, long length, String file) {}

    /**
     * Gives this process's idle memory back to the operating system. Pages of mapped files are released too. They stay
     * in the page cache, and a page is mapped again when it is next read. If the C library cannot be called, nothing is
     * released. If /proc/self/smaps cannot be read, no pages of files are released.
     */
    public static void release() {
        try {
            Libc libc = Libc.load();
            libc.malloc_trim(0);
            for (Piece piece : unchanged(Files.readAllLines(Path.of("/proc/self/smaps"), StandardCharsets.UTF_8))) {
                libc.madvise(piece.address(), piece.length(), NOT_NEEDED);
            }
        } catch (IOException | ProgramMissingException _) {
            // Without the release, the agent works but needs more memory.
        }
    }

    /**
     * Returns the mappings whose content is equal to their files. These are mappings that are not writable and in which
     * no page is a private copy.
     *
     * @param smaps the lines of /proc/self/smaps
     */
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
