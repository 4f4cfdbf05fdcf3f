package io.fairlead.agent.process;

import io.fairlead.core.process.ProgramMissingException;
import io.fairlead.nft.libnftables.CLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that are mapped into this process to be read: the JVM's archive of classes, its libraries. The kernel maps them in large
 * pieces (Linux 6.18: all 35 MiB of the archive's unchanging part at the first look into it), of which an agent at rest needs
 * few pages.
 */
public final class MappedFiles {
    /** MADV_DONTNEED. */
    private static final int NOT_NEEDED = 4;

    private static final int HEXADECIMAL = 16;

    /** A line of smaps that begins a mapping: from and to, rights, offset, device, inode, file. */
    private static final Pattern MAPPING =
            Pattern.compile("([0-9a-f]+)-([0-9a-f]+) ([r-])([w-])\\S+ \\S+ \\S+ \\d+ +(\\S.*)");

    private MappedFiles() {}

    /**
     * Part of a file in memory.
     *
     * @param length in bytes
     */
    record Piece(long address, long length, String file) {}

    /**
     * Takes their pages out of this process's memory. They stay where the system keeps files, and each comes back when it is next
     * looked at. A process that may not ask for it, or a system other than Linux, keeps them.
     */
    public static void release() {
        try {
            CLibrary libc = CLibrary.load();
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
