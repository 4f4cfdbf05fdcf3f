package io.fairlead.linux.netlink;

/**
 * The answer of the kernel to one request: NLMSG_ERROR, or NLMSG_DONE at the end of a dump.
 *
 * @param sequence the sequence number of the request
 * @param errno 0 if the request succeeded
 * @param message the reason in English; "" if the kernel gives none (nf_tables gives few, up to kernel 6.18)
 * @param offset the place in the request, in bytes from the header, of the attribute at fault; 0 if the kernel does not
 *     say
 */
public record Acknowledgement(int sequence, int errno, String message, int offset) {

    /** Returns whether the request succeeded. */
    public boolean succeeded() {
        return errno == 0;
    }
}
