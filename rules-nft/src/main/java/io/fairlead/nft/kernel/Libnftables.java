package io.fairlead.nft.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
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
 * nftables through libnftables (1.0.1 to 1.1.x). A change of one element takes 0.1 to 0.3 ms, however large the table;
 * a start of nft takes 3 to 4 ms. Calls may come from any platform thread; they run one after the other.
 *
 * <p>There are two dangers. nft 1.0.6 aborts on some statements (see {@code SetType.Affinity}), and the JVM with it. So
 * our text consists of fixed templates that are tested. The second danger is listings: the first change after a listing
 * in the same context takes 11 ms at 10,000 elements and 156 ms at 100,000, because the cache of the listing is freed.
 * So each listing has its own context.
 */
public final class Libnftables implements Nftables, AutoCloseable {
    /** NFT_CTX_OUTPUT_STATELESS | NFT_CTX_OUTPUT_NUMERIC_PRIO: options -s and -y of nft. */
    private static final int LISTING = 1 << 2 | 1 << 8;

    /**
     * The number of characters after which libnftables keeps so much memory that it is worth returning (29 MB after
     * 10,000 elements).
     */
    private static final int LARGE = 1 << 18;

    private final NftLibrary nft;
    private final Libc libc;
    private final NetworkNamespace namespace;
    private final ReentrantLock lock = new ReentrantLock();
    private final Pointer context;
    private boolean closed;

    private Libnftables(NftLibrary nft, Libc libc, NetworkNamespace namespace) {
        this.nft = nft;
        this.libc = libc;
        this.namespace = namespace;
        this.context = newContext();
    }

    /**
     * Returns the nftables of the network namespace of the calling thread.
     *
     * @throws ProgramMissingException if libnftables.so.1 is missing
     */
    public static Libnftables open() {
        Libc libc = Libc.load();
        return new Libnftables(library(), libc, NetworkNamespace.of(libc, ""));
    }

    /**
     * Returns the nftables of a network namespace that {@code ip netns add} created. The calling thread stays in its
     * own namespace.
     *
     * @throws ProgramMissingException if libnftables.so.1 is missing
     * @throws IllegalStateException if the namespace cannot be entered, or the calling thread is virtual
     */
    public static Libnftables openIn(String namespace) {
        Libc libc = Libc.load();
        return new Libnftables(library(), libc, NetworkNamespace.of(libc, namespace));
    }

    private static NftLibrary library() {
        try {
            return LibraryLoader.create(NftLibrary.class).failImmediately().load("libnftables.so.1");
        } catch (LinkageError e) {
            throw new ProgramMissingException("libnftables.so.1", e);
        }
    }

    /** Never returns {@link Answer.TimedOut}: a call in this process cannot be stopped. */
    @Override
    public Answer apply(Transaction transaction) {
        String commands = transaction.text();
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            return run(context, commands) ? new Answer.Done() : again(commands, transaction);
        } finally {
            if (commands.length() > LARGE) {
                libc.malloc_trim(0);
            }
            lock.unlock();
        }
    }

    /** Tries the same transaction once more from a file, because errors in a buffer have no line numbers (1.0.6). */
    private Answer again(String commands, Transaction transaction) {
        int file = libc.memfd_create("commands", Libc.CLOSE_ON_EXEC);
        if (file < 0) {
            return Refusal.read(error(context), transaction);
        }
        try {
            Path path = Path.of("/proc/self/fd/" + file);
            Files.writeString(path, commands);
            return nft.nft_run_cmd_from_filename(context, path.toString()) == 0
                    ? new Answer.Done()
                    : Refusal.read(error(context), transaction);
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
