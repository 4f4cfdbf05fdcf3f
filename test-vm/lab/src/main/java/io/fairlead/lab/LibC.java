package io.fairlead.lab;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/** The calls of the C library that move a thread into a network namespace. */
final class LibC {

    /** The functions as the library has them; public because generated code implements it. */
    public interface Functions {
        /** open(2) without a mode: the file exists. */
        int open(byte[] path, int flags);

        /** close(2). */
        int close(int descriptor);

        /** setns(2): moves the calling thread only. */
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

    /** Loaded once for the process. */
    static LibC instance() {
        return Loaded.INSTANCE;
    }

    /**
     * Moves the calling thread, and no other, into a namespace for good. Only for platform threads that nobody else
     * uses.
     *
     * @param path a bind mount that {@code ip netns add} makes, below /run/netns
     * @throws LabException if the namespace is not there or the caller is not root
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

    /** Defers the load to the first use. */
    private static final class Loaded {
        private static final LibC INSTANCE =
                new LibC(LibraryLoader.create(Functions.class).failImmediately().load("c"));
    }
}
