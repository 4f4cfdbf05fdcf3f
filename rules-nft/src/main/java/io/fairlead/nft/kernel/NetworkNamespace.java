package io.fairlead.nft.kernel;

import java.util.function.Supplier;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/** A network namespace in which code can run. */
public final class NetworkNamespace {
    private final CLibrary libc;
    private final @Nullable String path;

    private NetworkNamespace(CLibrary libc, @Nullable String path) {
        this.libc = libc;
        this.path = path;
    }

    /**
     * Returns a namespace by its name.
     *
     * @param name the name as in {@code ip netns add}; "" for the namespace of the calling thread
     * @throws IllegalArgumentException if the name is a path
     */
    public static NetworkNamespace of(CLibrary libc, String name) {
        if (name.indexOf('/') >= 0 || name.startsWith(".")) {
            throw new IllegalArgumentException("not the name of a network namespace: \"" + name + "\"");
        }
        return new NetworkNamespace(libc, name.isEmpty() ? null : "/run/netns/" + name);
    }

    /**
     * Runs code on the calling thread in this namespace. The thread returns to its own namespace at the end.
     *
     * @throws IllegalStateException if the namespace cannot be entered (it does not exist, or CAP_SYS_ADMIN is
     *     missing), or the thread is virtual, because other threads would be moved with it
     */
    public <T> T run(Supplier<T> inside) {
        if (path == null) {
            return inside.get();
        }
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread cannot change its network namespace");
        }
        int own = open("/proc/thread-self/ns/net");
        try {
            int other = open(path);
            try {
                enter(other, path);
            } finally {
                libc.close(other);
            }
            try {
                return inside.get();
            } finally {
                enter(own, "its own");
            }
        } finally {
            libc.close(own);
        }
    }

    private int open(String file) {
        int descriptor = libc.open(file, CLibrary.READ_ONLY);
        if (descriptor < 0) {
            throw new IllegalStateException("cannot open " + file + ": errno " + lastError());
        }
        return descriptor;
    }

    private void enter(int descriptor, String name) {
        if (libc.setns(descriptor, CLibrary.NETWORK) != 0) {
            throw new IllegalStateException("cannot enter network namespace " + name + ": errno " + lastError());
        }
    }

    private int lastError() {
        return Runtime.getRuntime(libc).getLastError();
    }
}
