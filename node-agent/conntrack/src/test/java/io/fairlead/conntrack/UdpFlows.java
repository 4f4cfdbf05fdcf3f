package io.fairlead.conntrack;

import io.fairlead.core.net.IpPort;

/** Converts flows to lines of text, and lines to flows. */
final class UdpFlows {
    private UdpFlows() {}

    /** Parses a line "client:port > destination:port = endpoint:port". IPv6 addresses are in brackets. */
    static UdpFlow flow(String line) {
        String[] words = line.split(" [>=] ", -1);
        IpPort source = IpPort.parse(words[0]);
        IpPort destination = IpPort.parse(words[1]);
        IpPort reply = IpPort.parse(words[2]);
        return new UdpFlow(
                source.ip(), source.port(), destination.ip(), destination.port(), reply.ip(), reply.port(), 0);
    }

    /** Returns the line for a flow, in which no port may be 0. */
    static String text(UdpFlow flow) {
        return new IpPort(flow.source(), flow.sourcePort())
                + " > "
                + new IpPort(flow.destination(), flow.destinationPort())
                + " = "
                + new IpPort(flow.replySource(), flow.replySourcePort());
    }

    static UdpFlow withId(UdpFlow flow, int id) {
        return new UdpFlow(
                flow.source(),
                flow.sourcePort(),
                flow.destination(),
                flow.destinationPort(),
                flow.replySource(),
                flow.replySourcePort(),
                id);
    }
}
