package io.fairlead.linux.netlink;

import java.io.Serial;

/** Something failed on a netlink socket. The message says what and why. */
public sealed class NetlinkException extends RuntimeException permits MalformedMessageException, RefusedException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int errno;

    /** An exception with an error number. */
    public NetlinkException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    /** Returns the error number, by the names of {@link Errno}. */
    public final int errno() {
        return errno;
    }
}
