package io.fairlead.lab;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/** The functions of the C library that move a thread into a network namespace. */
final class LibC {

    /** The functions with their native signatures. Public because generated code implements it. */
    public interface Functions {
        /** open(2) for an existing file, so without a mode. */
        int open(byte[] path, int flags);

        /** close(2). */
        int close(int descriptor);

        /** setns(2). It moves the calling thread only. */
        int setns(int descriptor, int kind);
    }

    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x4000_0000;

    private final Functions functions;
    private final Runtime runtime;

    private LibC(Functions functions) {
        this.functions = functions;
        this.runtime = Runtime.getRuntime(functions);
    }

    /** The binding, loaded once per process. */
    static LibC instance() {
        return Loaded.INSTANCE;
    }

    /**
     * Moves the calling thread into a namespace; there is no way back. Call it only on a platform thread that no other
     * code uses.
     *
     * @param path a bind mount below /run/netns, as {@code ip netns add} makes it
     * @throws LabException if there is no such namespace, or the caller is not root
     */
    void enterNetworkNamespace(String path) {
        int descriptor = functions.open(terminated(path), O_RDONLY_CLOEXEC);
        if (descriptor < 0) {
            throw new LabException("cannot open " + path + ": errno " + LastError.getLastError(runtime));
        }
        try {
            if (functions.setns(descriptor, CLONE_NEWNET) != 0) {
                throw new LabException("cannot enter " + path + ": errno " + LastError.getLastError(runtime));
            }
        } finally {
            functions.close(descriptor);
        }
    }

    private static byte[] terminated(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** Holder that delays loading the library until the first use. */
    private static final class Loaded {
        private static final LibC INSTANCE =
                new LibC(LibraryLoader.create(Functions.class).failImmediately().load("c"));
    }
}
