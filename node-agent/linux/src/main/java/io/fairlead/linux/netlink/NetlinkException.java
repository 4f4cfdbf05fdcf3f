package io.fairlead.linux.netlink;

import java.io.Serial;

/** An operation on a netlink socket failed. The message names the operation and the reason. */
public sealed class NetlinkException extends RuntimeException permits MalformedMessageException, RefusedException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int errno;

    /** Creates an exception with an error number of {@link Errno}. */
    public NetlinkException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    /** Returns the error number. {@link Errno} has the names of the numbers. */
    public final int errno() {
        return errno;
    }
}
