package io.fairlead.linux.netlink;

/** What came of an attempt to receive a datagram. */
public enum Received {
    /** The buffer holds one datagram, from 0 to its limit. */
    DATAGRAM,

    /** There is no datagram yet, or none arrived in time. */
    NOTHING,

    /**
     * The kernel dropped datagrams because the socket was full (ENOBUFS). The ones before them can still be received.
     */
    OVERFLOW,

    /** The datagram was longer than the buffer and is lost. The buffer is empty. */
    TOO_LONG
}
