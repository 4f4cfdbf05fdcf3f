package io.fairlead.nft.kernel;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;

/** The functions of libnftables.so.1 that Fairlead calls, with their C names. */
public interface NftLibrary {
    /**
     * Creates a context. Its netlink socket belongs to the network namespace of the calling thread. Null if there is no
     * memory.
     */
    Pointer nft_ctx_new(int flags);

    void nft_ctx_free(@In Pointer context);

    void nft_ctx_output_set_flags(@In Pointer context, int flags);

    int nft_ctx_buffer_output(@In Pointer context);

    int nft_ctx_buffer_error(@In Pointer context);

    Pointer nft_ctx_get_output_buffer(@In Pointer context);

    Pointer nft_ctx_get_error_buffer(@In Pointer context);

    /**
     * Runs commands as one transaction.
     *
     * @param commands UTF-8, with a NUL at the end
     * @return 0, or -1 with a reason in the error buffer
     */
    int nft_run_cmd_from_buffer(@In Pointer context, @In byte[] commands);

    /** Runs a file of commands as one transaction: slower, but errors have line numbers. */
    int nft_run_cmd_from_filename(@In Pointer context, @In String file);
}
