package io.fairlead.linux.netlink;

import java.io.Serial;

/** Bytes are not a netlink message. {@link MessageReader} throws no other exception for wrong bytes. */
public final class MalformedMessageException extends NetlinkException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Creates an exception that names the malformed part. */
    public MalformedMessageException(String part) {
        super("malformed netlink message: " + part, Errno.EBADMSG);
    }
}
