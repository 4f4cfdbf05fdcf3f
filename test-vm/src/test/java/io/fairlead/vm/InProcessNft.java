package io.fairlead.vm;

import io.fairlead.agent.lab.LabHost;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;

/** libnftables on a host's kernel: a transaction costs a fraction of a millisecond, with no process to start. */
final class InProcessNft {

    /** Public because generated code implements it. */
    public interface Functions {
        Pointer nft_ctx_new(int flags);

        int nft_ctx_buffer_error(Pointer context);

        int nft_run_cmd_from_buffer(Pointer context, byte[] commands);

        String nft_ctx_get_error_buffer(Pointer context);

        void nft_ctx_free(Pointer context);
    }

    private final Functions functions =
            LibraryLoader.create(Functions.class).failImmediately().load("libnftables.so.1");
    private final Pointer context;

    /** Must be made, and used, on a thread in the namespace: {@link LabHost#inside}. */
    InProcessNft() {
        context = functions.nft_ctx_new(0);
        functions.nft_ctx_buffer_error(context);
    }

    /** Commands as the library takes them: bytes that end in a zero. */
    static byte[] compiled(String commands) {
        byte[] bytes = commands.getBytes(StandardCharsets.US_ASCII);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /**
     * One transaction.
     *
     * @throws IllegalStateException if it is refused
     */
    void run(byte[] commands) {
        if (functions.nft_run_cmd_from_buffer(context, commands) != 0) {
            throw new IllegalStateException(functions.nft_ctx_get_error_buffer(context));
        }
    }

    void free() {
        functions.nft_ctx_free(context);
    }
}
