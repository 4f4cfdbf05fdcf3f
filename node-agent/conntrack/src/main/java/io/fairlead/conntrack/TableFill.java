package io.fairlead.conntrack;

import io.fairlead.linux.sysctl.KernelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads how full the kernel's table of connections is. When it is full, the kernel drops the first packet of every new
 * connection, to Services and elsewhere, although the rules are right. It reads two small files. Not safe for several
 * threads.
 */
public final class TableFill {
    /** In percent. The next warning comes only after the fill was below the lower limit. */
    private static final int NEARLY_FULL = 95;

    private static final int RELIEVED = 80;

    private final Path folder;
    private boolean warned;

    /** Reads the table of this process's network namespace. */
    public TableFill() {
        this(Path.of("/proc/sys/net/netfilter"));
    }

    /** Reads the table from the files of a folder. */
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

    /** Returns a warning, once each time that the table becomes full or nearly full. */
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
