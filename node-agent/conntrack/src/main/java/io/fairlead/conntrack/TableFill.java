package io.fairlead.conntrack;

import io.fairlead.linux.sysctl.KernelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads how full the kernel's table of connections (conntrack) is. If the table is full, the kernel drops the first
 * packet of every new connection, although the rules are right. Not thread-safe.
 */
public final class TableFill {
    /**
     * The number of entries, in percent of the limit, at which {@link #warning} returns a warning. The next warning
     * follows only after the number of entries was below {@code RELIEVED} percent.
     */
    private static final int NEARLY_FULL = 95;

    private static final int RELIEVED = 80;

    private final Path folder;
    private boolean warned;

    /** Creates a reader for the table of this process's network namespace. */
    public TableFill() {
        this(Path.of("/proc/sys/net/netfilter"));
    }

    /** Creates a reader of the files nf_conntrack_count and nf_conntrack_max in a folder. */
    TableFill(Path folder) {
        this.folder = folder;
    }

    /** Returns the number of connections; 0 if it is not known. */
    public long entries() {
        return number("nf_conntrack_count");
    }

    /** Returns the limit of connections; 0 if it is not known, or if there is none. */
    public long limit() {
        return number("nf_conntrack_max");
    }

    /**
     * Returns a warning if the table is full or nearly full. After a warning, returns no further warning until a call
     * finds fewer entries than {@code RELIEVED} percent of the limit, or no limit.
     */
    public Optional<String> warning() {
        long entries = entries();
        long limit = limit();
        if (limit == 0 || entries * 100 < limit * RELIEVED) {
            warned = false;
        } else if (!warned && entries * 100 >= limit * NEARLY_FULL) {
            warned = true;
            return Optional.of("the kernel's table of connections has " + entries + " of at most " + limit
                    + " entries (net.netfilter.nf_conntrack_max); when it is full, all new connections fail");
        }
        return Optional.empty();
    }

    private long number(String file) {
        try {
            return Long.parseLong(KernelFile.read(folder.resolve(file)));
        } catch (IOException | NumberFormatException _) {
            return 0;
        }
    }
}
