package io.fairlead.linux.netlink;

/** The result of an attempt to receive a datagram. */
public enum Received {
    /** The buffer holds one datagram, from 0 to its limit. */
    DATAGRAM,

    /**
     * No datagram has arrived: for {@link NetlinkSocket#poll} until now, for {@link NetlinkSocket#receive} within its
     * time limit.
     */
    NOTHING,

    /**
     * The kernel dropped datagrams because the buffer of the socket was full (ENOBUFS). Datagrams that arrived before
     * can still be received.
     */
    OVERFLOW,

    /** The datagram was longer than the buffer and is lost. The buffer is empty. */
    TOO_LONG
}
