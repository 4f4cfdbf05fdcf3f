package io.fairlead.linux;

import io.fairlead.linux.process.ProgramMissingException;
import java.nio.ByteBuffer;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/**
 * The functions of glibc that Fairlead calls, with their C names, arguments and results. A result below 0 is an error;
 * {@link #errno} returns its number. The interface is public because generated code implements it. Tests implement it
 * too, with calls that fail.
 */
public interface Libc {
    /** The flags O_RDONLY and O_CLOEXEC of {@link #open}. */
    int READ_ONLY = 0x80000;

    /** The flag MFD_CLOEXEC of {@link #memfd_create}. */
    int CLOSE_ON_EXEC = 1;

    /** CLONE_NEWNET: the argument of {@link #setns} and {@link #unshare} that means a network namespace. */
    int NETWORK = 0x40000000;

    /**
     * Opens an existing file. The parameter {@code mode} of open(2) is absent, because only a call that creates a file
     * needs it.
     */
    int open(@In String path, int flags);

    /** Creates a file in memory that has no path. */
    int memfd_create(@In String label, int flags);

    int close(int descriptor);

    /** Moves the calling thread, and no other thread, into a namespace. */
    int setns(int descriptor, int kind);

    /** Moves the calling thread, and no other thread, into a new namespace. */
    int unshare(int kinds);

    /** Returns freed memory of malloc(3) to the operating system, except {@code keep} bytes. */
    int malloc_trim(long keep);

    /** Advises the kernel how a range of this process's memory will be used. */
    int madvise(long address, long length, int advice);

    int socket(int domain, int type, int protocol);

    int bind(int descriptor, @In byte[] address, int length);

    int connect(int descriptor, @In byte[] address, int length);

    /**
     * Sends {@code length} bytes of a buffer, beginning at its position. Neither position nor limit changes. A direct
     * buffer is not copied before the call.
     */
    long send(int descriptor, @In ByteBuffer data, long length, int flags);

    /**
     * Receives at most {@code length} bytes into a buffer, beginning at its position. Neither position nor limit
     * changes.
     */
    long recv(int descriptor, @Out ByteBuffer data, long length, int flags);

    /** Sets an option of a socket to a value in the machine's byte order. */
    int setsockopt(int descriptor, int level, int name, @In byte[] value, int length);

    /**
     * Calls getsockopt(2).
     *
     * @param length an array with one number: the length of {@code value} in bytes
     */
    int getsockopt(int descriptor, int level, int name, @In @Out byte[] value, @In @Out int[] length);

    /** Sets the niceness. If {@code which} and {@code who} are 0, that is the niceness of the calling thread only. */
    int setpriority(int which, int who, int niceness);

    /**
     * Returns the English text of an error number. Several threads may call it at the same time with glibc 2.32 and
     * later.
     */
    String strerror(int number);

    /** Returns the error number of the calling thread's last call that failed. */
    default int errno() {
        return LastError.getLastError(Runtime.getRuntime(this));
    }

    /** Returns the text and the number of an error, for example "Operation not permitted (errno 1)". */
    default String errorText(int number) {
        return strerror(number) + " (errno " + number + ")";
    }

    /**
     * Returns the C library of this system.
     *
     * @throws ProgramMissingException if there is no glibc
     */
    static Libc load() {
        try {
            return Loaded.LIBRARY;
        } catch (LinkageError e) {
            throw new ProgramMissingException("libc.so.6", e);
        }
    }

    /** Loads the library once, because each load generates classes. */
    final class Loaded {
        private static final Libc LIBRARY =
                LibraryLoader.create(Libc.class).failImmediately().load("libc.so.6");

        private Loaded() {}
    }
}
