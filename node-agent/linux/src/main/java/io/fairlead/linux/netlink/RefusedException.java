package io.fairlead.linux.netlink;

import java.io.Serial;

/** The kernel refused a request. */
public final class RefusedException extends NetlinkException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Acknowledgement acknowledgement;

    /** Creates an exception for a request to which the kernel sent this answer. */
    public RefusedException(Acknowledgement acknowledgement, String errorText) {
        super(
                "the kernel refused a request by netlink: " + errorText
                        + (acknowledgement.message().isEmpty() ? "" : ": " + acknowledgement.message()),
                acknowledgement.errno());
        this.acknowledgement = acknowledgement;
    }

    /** Returns the answer of the kernel. */
    public Acknowledgement acknowledgement() {
        return acknowledgement;
    }
}
