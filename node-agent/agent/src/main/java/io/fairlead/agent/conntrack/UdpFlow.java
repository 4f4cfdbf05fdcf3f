package io.fairlead.agent.conntrack;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;

/**
 * An entry of conntrack's table, of protocol UDP and in the default zone.
 *
 * @param source who sent the first packet
 * @param sourcePort 0 to 65535, as all ports here: on the wire 0 is legal
 * @param destination where that packet was sent to, before translation
 * @param replySource who is expected to answer: the endpoint, if the destination was translated
 * @param id the kernel's identity of the entry; a later one of the same addresses and ports has the same only if it
 *     happens to lie at the same place in memory
 */
record UdpFlow(
        Ip source, int sourcePort, Ip destination, int destinationPort, Ip replySource, int replySourcePort, int id) {

    IpFamily family() {
        return destination.family();
    }

    /** Whether packets go elsewhere than they were sent to. */
    boolean translated() {
        return replySourcePort != destinationPort || !replySource.equals(destination);
    }
}
