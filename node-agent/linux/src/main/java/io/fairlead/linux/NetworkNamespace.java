package io.fairlead.linux;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A network namespace in which code can run. */
public final class NetworkNamespace {
    private static final String OWN = "/proc/thread-self/ns/net";

    private final Libc libc;
    private final @Nullable String path;

    private NetworkNamespace(Libc libc, @Nullable String path) {
        this.libc = libc;
        this.path = path;
    }

    /**
     * Returns a namespace by its name.
     *
     * @param name the name as in {@code ip netns add}; "" for the namespace of the calling thread
     * @throws IllegalArgumentException if the name contains a slash or begins with a dot
     */
    public static NetworkNamespace of(Libc libc, String name) {
        if (name.indexOf('/') >= 0 || name.startsWith(".")) {
            throw new IllegalArgumentException("not the name of a network namespace: \"" + name + "\"");
        }
        return new NetworkNamespace(libc, name.isEmpty() ? null : "/run/netns/" + name);
    }

    /**
     * Runs code on the calling thread in this namespace. Afterwards the thread is in its own namespace again.
     *
     * @throws IllegalStateException if the namespace does not exist, if CAP_SYS_ADMIN is missing, or if the thread is
     *     virtual: virtual threads share a kernel thread, so other threads would change their namespace too
     */
    public <T> T run(Supplier<T> inside) {
        if (path == null) {
            return inside.get();
        }
        requirePlatformThread();
        int own = open(OWN);
        try {
            enterPath(path);
            try {
                return inside.get();
            } finally {
                enter(own, "of this process");
            }
        } finally {
            libc.close(own);
        }
    }

    /**
     * Moves the calling thread into this namespace permanently. Call it only on a thread that no other code uses.
     *
     * @throws IllegalStateException as {@link #run}
     */
    public void enter() {
        if (path != null) {
            requirePlatformThread();
            enterPath(path);
        }
    }

    private static void requirePlatformThread() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread cannot change its network namespace");
        }
    }

    private void enterPath(String file) {
        int other = open(file);
        try {
            enter(other, file);
        } finally {
            libc.close(other);
        }
    }

    private int open(String file) {
        int descriptor = libc.open(file, Libc.READ_ONLY);
        if (descriptor < 0) {
            throw new IllegalStateException("cannot open " + file + ": " + libc.errorText(libc.errno()));
        }
        return descriptor;
    }

    private void enter(int descriptor, String name) {
        if (libc.setns(descriptor, Libc.NETWORK) != 0) {
            throw new IllegalStateException(
                    "cannot enter network namespace " + name + ": " + libc.errorText(libc.errno()));
        }
    }
}
