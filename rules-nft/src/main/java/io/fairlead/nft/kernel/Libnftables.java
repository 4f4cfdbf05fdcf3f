package io.fairlead.nft.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.FamilyText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;

/**
 * nftables through libnftables (1.0.1 to 1.1.x): one element changes in 0.1 to 0.3 ms however large the table, where
 * starting nft takes 3 to 4 ms. Calls are made one after the other, from any platform thread.
 *
 * <p>Two dangers. nft 1.0.6 aborts, and the JVM with it, on some statements (see {@code SetType.Affinity}); what we
 * write is made of fixed templates that were tried. And listings: the first change after a listing in the same context
 * takes 11 ms at 10,000 elements and 156 ms at 100,000, because the listing's cache is freed, so each listing has a
 * context of its own.
 */
public final class Libnftables implements Nftables, AutoCloseable {
    /** NFT_CTX_OUTPUT_STATELESS | NFT_CTX_OUTPUT_NUMERIC_PRIO: options -s and -y of nft. */
    private static final int LISTING = 1 << 2 | 1 << 8;

    /**
     * After so many characters libnftables keeps enough memory for it to be worth giving back (29 MB after 10,000
     * elements).
     */
    private static final int LARGE = 1 << 18;

    private final NftLibrary nft;
    private final CLibrary libc;
    private final NetworkNamespace namespace;
    private final ReentrantLock lock = new ReentrantLock();
    private final Pointer context;
    private boolean closed;

    private Libnftables(NftLibrary nft, CLibrary libc, NetworkNamespace namespace) {
        this.nft = nft;
        this.libc = libc;
        this.namespace = namespace;
        this.context = newContext();
    }

    /**
     * The nftables of the calling thread's network namespace.
     *
     * @throws ProgramMissingException if libnftables.so.1 is not there
     */
    public static Libnftables open() {
        CLibrary libc = CLibrary.load();
        return new Libnftables(library(), libc, NetworkNamespace.of(libc, ""));
    }

    /**
     * The nftables of a network namespace made by {@code ip netns add}. The calling thread stays where it is.
     *
     * @throws ProgramMissingException if libnftables.so.1 is not there
     * @throws IllegalStateException if the namespace cannot be entered, or the calling thread is virtual
     */
    public static Libnftables openIn(String namespace) {
        CLibrary libc = CLibrary.load();
        return new Libnftables(library(), libc, NetworkNamespace.of(libc, namespace));
    }

    private static NftLibrary library() {
        try {
            return LibraryLoader.create(NftLibrary.class).failImmediately().load("libnftables.so.1");
        } catch (LinkageError e) {
            throw new ProgramMissingException("libnftables.so.1", e);
        }
    }

    /** Never {@link Answer.TimedOut}: a call in process cannot be ended. */
    @Override
    public Answer apply(String commands) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            return run(context, commands) ? new Answer.Done() : again(commands);
        } finally {
            if (commands.length() > LARGE) {
                libc.malloc_trim(0);
            }
            lock.unlock();
        }
    }

    /** Errors in a buffer come without line numbers (1.0.6), so the same transaction is tried once more from a file. */
    private Answer again(String commands) {
        int file = libc.memfd_create("commands", CLibrary.CLOSE_ON_EXEC);
        if (file < 0) {
            return new Answer.Refused(error(context));
        }
        try {
            Path path = Path.of("/proc/self/fd/" + file);
            Files.writeString(path, commands);
            return nft.nft_run_cmd_from_filename(context, path.toString()) == 0
                    ? new Answer.Done()
                    : new Answer.Refused(error(context));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            libc.close(file);
        }
    }

    @Override
    public Optional<String> list(IpFamily family) {
        return listed("list table " + FamilyText.of(family) + " " + Table.NAME);
    }

    @Override
    public Optional<String> list(IpFamily family, SetName map) {
        return listed("list map " + FamilyText.of(family) + " " + Table.NAME + " " + map);
    }

    private Optional<String> listed(String command) {
        Pointer own = newContext();
        try {
            nft.nft_ctx_output_set_flags(own, LISTING);
            if (run(own, command)) {
                return Optional.of(text(nft.nft_ctx_get_output_buffer(own)));
            }
            String error = error(own);
            if (Refusal.saysMissing(error)) {
                return Optional.empty();
            }
            throw Refusal.ofListing(error);
        } finally {
            nft.nft_ctx_free(own);
            libc.malloc_trim(0);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                nft.nft_ctx_free(context);
            }
        } finally {
            lock.unlock();
        }
    }

    private Pointer newContext() {
        return namespace.run(() -> {
            Pointer made = nft.nft_ctx_new(0);
            if (made == null) {
                throw new IllegalStateException("no memory for a context of libnftables");
            }
            nft.nft_ctx_buffer_output(made);
            nft.nft_ctx_buffer_error(made);
            return made;
        });
    }

    private boolean run(Pointer with, String commands) {
        byte[] text = commands.getBytes(StandardCharsets.UTF_8);
        return nft.nft_run_cmd_from_buffer(with, Arrays.copyOf(text, text.length + 1)) == 0;
    }

    private String error(Pointer of) {
        return text(nft.nft_ctx_get_error_buffer(of));
    }

    private static String text(Pointer buffer) {
        int length = buffer.indexOf(0, (byte) 0);
        byte[] bytes = new byte[length];
        buffer.get(0, bytes, 0, length);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
