package io.fairlead.nft.kernel;

import io.fairlead.linux.process.ProgramMissingException;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/** The functions of glibc that Fairlead calls, with their C names. */
public interface CLibrary {
    /** O_RDONLY | O_CLOEXEC. */
    int READ_ONLY = 0x80000;

    /** MFD_CLOEXEC. */
    int CLOSE_ON_EXEC = 1;

    /** CLONE_NEWNET. */
    int NETWORK = 0x40000000;

    int open(@In String path, int flags);

    /** Creates a file in memory without a name. */
    int memfd_create(@In String label, int flags);

    int close(int descriptor);

    /** Moves only the calling thread into a namespace. */
    int setns(int descriptor, int kind);

    /** Returns freed memory to the system. */
    int malloc_trim(long keep);

    /** Advises the kernel on the use of a piece of this process's memory. */
    int madvise(long address, long length, int advice);

    int socket(int domain, int type, int protocol);

    int bind(int descriptor, @In byte[] address, int length);

    long send(int descriptor, @In byte[] data, long length, int flags);

    long recv(int descriptor, @Out byte[] data, long length, int flags);

    /**
     * Calls getsockopt(2).
     *
     * @param length the length of the value; one number
     */
    int getsockopt(int descriptor, int level, int name, @In @Out byte[] value, @In @Out int[] length);

    /**
     * Returns the C library of this system.
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

    /** Loads the library once, because each load generates classes. */
    final class Loaded {
        private static final CLibrary LIBRARY =
                LibraryLoader.create(CLibrary.class).failImmediately().load("libc.so.6");

        private Loaded() {}
    }
}
