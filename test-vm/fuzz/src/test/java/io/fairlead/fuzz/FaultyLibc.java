package io.fairlead.fuzz;

import io.fairlead.linux.Libc;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;

/** A C library in which one call to the kernel's sockets fails, and all others reach the library behind it. */
final class FaultyLibc implements InvocationHandler {
    private static final Set<String> SOCKET_CALLS =
            Set.of("socket", "connect", "setsockopt", "getsockopt", "send", "recv");

    private final Libc behind;
    private final int fails;
    private final int errno;
    private int calls;
    private boolean failed;

    private FaultyLibc(Libc behind, int fails, int errno) {
        this.behind = behind;
        this.fails = fails;
        this.errno = errno;
    }

    /** A library with its counter of calls. */
    record Counted(Libc libc, FaultyLibc faults) {
        int calls() {
            return faults.calls;
        }
    }

    /**
     * Returns a library.
     *
     * @param fails the number of the call that fails, from 1; 0 for none
     * @param errno the error number of the call that fails
     */
    static Counted of(Libc behind, int fails, int errno) {
        FaultyLibc faults = new FaultyLibc(behind, fails, errno);
        Libc libc = (Libc) Proxy.newProxyInstance(Libc.class.getClassLoader(), new Class<?>[] {Libc.class}, faults);
        return new Counted(libc, faults);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("errno")) {
            return failed ? errno : behind.errno();
        }
        if (SOCKET_CALLS.contains(method.getName())) {
            calls++;
            failed = calls == fails;
            if (failed) {
                if (method.getReturnType() == long.class) {
                    return -1L;
                }
                return -1;
            }
        }
        try {
            return method.invoke(behind, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
