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
 * Memory that an agent at rest has and does not need. Files that are mapped to be read, the JVM's archive of classes
 * and its libraries: the kernel maps them in large pieces (Linux 6.18: all 35 MiB of the archive's unchanging part at
 * the first look into it). And what was allocated outside Java's heap and is free again, by the JVM's compiler most
 * of all: glibc keeps it, some 14 MiB after a start.
 */
public final class IdleMemory {
    /** MADV_DONTNEED. */
    private static final int NOT_NEEDED = 4;

    private static final int HEXADECIMAL = 16;

    /** A line of smaps that begins a mapping: from and to, rights, offset, device, inode, file. */
    private static final Pattern MAPPING =
            Pattern.compile("([0-9a-f]+)-([0-9a-f]+) ([r-])([w-])\\S+ \\S+ \\S+ \\d+ +(\\S.*)");

    private IdleMemory() {}

    /**
     * Part of a file in memory.
     *
     * @param length in bytes
     */
    record Piece(long address, long length, String file) {}

    /**
     * Gives it back to the system. Pages of files stay where the system keeps files, and each comes back when it is
     * next looked at. A process that may not ask for it, or a system other than Linux, keeps all.
     */
    public static void release() {
        try {
            Libc libc = Libc.load();
            libc.malloc_trim(0);
            for (Piece piece : unchanged(Files.readAllLines(Path.of("/proc/self/smaps"), StandardCharsets.UTF_8))) {
                libc.madvise(piece.address(), piece.length(), NOT_NEEDED);
            }
        } catch (IOException | ProgramMissingException _) {
            // It is about thrift alone.
        }
    }

    /** Those that are like their files: nobody may write to them, and no page is a copy of this process's own. */
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
