package io.fairlead.linux.netlink;

import java.io.Serial;

/** A call on a netlink socket failed. The message says which one and why. */
public final class NetlinkException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int errno;

    /** An exception of a call that failed with an error number. */
    public NetlinkException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    /** Returns the error number, by the names of {@link Errno}. */
    public int errno() {
        return errno;
    }
}
