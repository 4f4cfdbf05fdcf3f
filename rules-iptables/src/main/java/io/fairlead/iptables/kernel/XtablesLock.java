package io.fairlead.iptables.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The file that all programs of the legacy variant lock while they change rules (SYNC-17). It is /run/xtables.lock, or
 * the value of XTABLES_LOCKFILE (iptables 1.8.3 or later).
 *
 * @param file the lock file
 * @param proc the folder in which the kernel lists processes
 */
public record XtablesLock(Path file, Path proc) {
    private static final String USUAL = "/run/xtables.lock";

    /** Returns the lock that is used by the programs that this process starts. */
    public static XtablesLock ofThisProcess() {
        return new XtablesLock(Path.of(System.getenv().getOrDefault("XTABLES_LOCKFILE", USUAL)), Path.of("/proc"));
    }

    /**
     * Returns the process that holds the lock, for example "firewalld (812)"; empty if the lock is free or the kernel
     * does not show its holder. If the name of the process cannot be read, the text says that the process has ended or
     * is in another container.
     */
    public Optional<String> holder() {
        try {
            String place = place();
            List<String> locks = Files.readAllLines(proc.resolve("locks"), StandardCharsets.US_ASCII);
            for (String line : locks) {
                String[] words = line.strip().split("\\s+", -1);
                // "1: FLOCK ADVISORY WRITE 812 00:19:1127 0 EOF"; waiting processes have "->" as the second word
                if (words.length > 5 && words[1].equals("FLOCK") && words[5].equals(place)) {
                    return Optional.of(name(words[4]));
                }
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            // No process is named.
        }
        return Optional.empty();
    }

    /** Returns the device and inode of the lock file in the format of /proc/locks. */
    private String place() throws IOException {
        long device = ((Number) Files.getAttribute(file, "unix:dev")).longValue();
        long inode = ((Number) Files.getAttribute(file, "unix:ino")).longValue();
        long major = (device >> 8) & 0xfff;
        long minor = (device & 0xff) | ((device >> 12) & 0xfff00);
        return String.format(Locale.ROOT, "%02x:%02x:%d", major, minor, inode);
    }

    private String name(String process) {
        try {
            return Files.readString(proc.resolve(process).resolve("comm"), StandardCharsets.UTF_8)
                            .strip() + " (" + process + ")";
        } catch (IOException _) {
            return "process " + process + ", which has ended or is in another container";
        }
    }
}
