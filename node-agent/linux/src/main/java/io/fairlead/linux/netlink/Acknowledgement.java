package io.fairlead.linux.netlink;

/**
 * The answer of the kernel to one request: NLMSG_ERROR, or NLMSG_DONE at the end of a dump.
 *
 * @param sequence the sequence number of the request
 * @param errno the error number; 0 if the request succeeded
 * @param message the reason in English; "" if the kernel sends no reason (up to kernel 6.18, nf_tables seldom sends
 *     one)
 * @param offset the offset of the wrong attribute in the request, in bytes from the start of the header; 0 if the
 *     kernel does not report it
 */
public record Acknowledgement(int sequence, int errno, String message, int offset) {

    /** Returns whether the request succeeded. */
    public boolean succeeded() {
        return errno == 0;
    }
}
