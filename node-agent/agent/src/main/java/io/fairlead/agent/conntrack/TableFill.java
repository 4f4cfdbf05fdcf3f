package io.fairlead.agent.conntrack;

import io.fairlead.agent.sysctl.KernelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How full the kernel's table of connections is. When it is full the first packet of every new connection is dropped,
 * to Services and elsewhere, and no rule is to blame. Reads two small files; not safe for several threads.
 */
public final class TableFill {
    /** Of 100; warned again once it has been below the other. */
    private static final int NEARLY_FULL = 95;

    private static final int RELIEVED = 80;

    private final Path folder;
    private boolean warned;

    /** That of this process's network namespace. */
    public TableFill() {
        this(Path.of("/proc/sys/net/netfilter"));
    }

    /** As files in a folder say. */
    TableFill(Path folder) {
        this.folder = folder;
    }

    /** How many connections there are; 0 if that is not known. */
    public long entries() {
        return number("nf_conntrack_count");
    }

    /** How many there can be; 0 if that is not known, or there is no limit. */
    public long limit() {
        return number("nf_conntrack_max");
    }

    /** A warning, once each time that the table has become full, or nearly. */
    public Optional<String> warning() {
        long entries = entries();
        long limit = limit();
        if (limit == 0 || entries * 100 < limit * RELIEVED) {
            warned = false;
        } else if (!warned && entries * 100 >= limit * NEARLY_FULL) {
            warned = true;
            return Optional.of(
                    "the kernel's table of connections has " + entries + " of at most " + limit
                            + " entries (net.netfilter.nf_conntrack_max): when it is full, new connections fail, whatever the rules say");
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
