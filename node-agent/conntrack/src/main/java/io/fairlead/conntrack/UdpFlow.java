package io.fairlead.conntrack;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;

/**
 * An entry of conntrack's table, of protocol UDP and in the default zone.
 *
 * @param source the sender of the first packet
 * @param sourcePort 0 to 65535, as all ports here: a packet may have port 0
 * @param destination the destination of the first packet, before translation
 * @param replySource the expected sender of the answer: the endpoint, if the destination was translated
 * @param id the kernel's identity of the entry. A later entry with the same addresses and ports has the same identity
 *     only if it happens to be at the same place in memory
 */
record UdpFlow(
        Ip source, int sourcePort, Ip destination, int destinationPort, Ip replySource, int replySourcePort, int id) {

    IpFamily family() {
        return destination.family();
    }

    /** Returns whether the destination of packets is translated. */
    boolean translated() {
        return replySourcePort != destinationPort || !replySource.equals(destination);
    }
}
