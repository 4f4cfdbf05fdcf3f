package io.fairlead.conntrack;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;

/**
 * A UDP flow: an entry in the default zone of the kernel's conntrack table.
 *
 * @param source the sender of the first packet
 * @param sourcePort 0 to 65535, as are all ports in this record: a packet may have port 0
 * @param destination the destination of the first packet, before the kernel replaced it
 * @param replySource the expected source of the answer: the endpoint, if the kernel replaced the destination (NAT)
 * @param id the number by which the kernel identifies the entry. A later entry with the same addresses and ports has
 *     the same number only if the kernel stores it at the same memory address
 */
record UdpFlow(
        Ip source, int sourcePort, Ip destination, int destinationPort, Ip replySource, int replySourcePort, int id) {

    IpFamily family() {
        return destination.family();
    }

    /** Returns whether the kernel replaces the destination of the flow's packets (NAT). */
    boolean translated() {
        return replySourcePort != destinationPort || !replySource.equals(destination);
    }
}
