package io.fairlead.nft.kernel;

import io.fairlead.linux.process.ProgramMissingException;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/** The functions of glibc that are used, with their C names. */
public interface CLibrary {
    /** O_RDONLY | O_CLOEXEC. */
    int READ_ONLY = 0x80000;

    /** MFD_CLOEXEC. */
    int CLOSE_ON_EXEC = 1;

    /** CLONE_NEWNET. */
    int NETWORK = 0x40000000;

    int open(@In String path, int flags);

    /** A file in memory without a name. */
    int memfd_create(@In String label, int flags);

    int close(int descriptor);

    /** Moves the calling thread, and no other, into a namespace. */
    int setns(int descriptor, int kind);

    /** Gives freed memory back to the system. */
    int malloc_trim(long keep);

    /** Tells the kernel what a piece of this process's memory is needed for. */
    int madvise(long address, long length, int advice);

    int socket(int domain, int type, int protocol);

    int bind(int descriptor, @In byte[] address, int length);

    long send(int descriptor, @In byte[] data, long length, int flags);

    long recv(int descriptor, @Out byte[] data, long length, int flags);

    /**
     * getsockopt(2).
     *
     * @param length of the value; one number
     */
    int getsockopt(int descriptor, int level, int name, @In @Out byte[] value, @In @Out int[] length);

    /**
     * The one of this system.
     *
     * @throws ProgramMissingException if there is no glibc
     */
    static CLibrary load() {
        try {
            return Loaded.LIBRARY;
        } catch (LinkageError e) {
            throw new ProgramMissingException("libc.so.6", e);
        }
    }

    /** Once: for each, classes are made. */
    final class Loaded {
        private static final CLibrary LIBRARY =
                LibraryLoader.create(CLibrary.class).failImmediately().load("libc.so.6");

        private Loaded() {}
    }
}
