package io.fairlead.linux.netlink;

import java.io.Serial;

/** Bytes are not a netlink message. The reader throws no other exception, whatever the bytes are. */
public final class MalformedMessageException extends NetlinkException {
    @Serial
    private static final long serialVersionUID = 1;

    /** An exception that says which part is malformed. */
    public MalformedMessageException(String part) {
        super("malformed netlink message: " + part, Errno.EBADMSG);
    }
}
