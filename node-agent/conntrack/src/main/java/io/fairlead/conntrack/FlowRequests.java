package io.fairlead.conntrack;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Ipv4;
import io.fairlead.core.net.Ipv6;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;

/** Writes requests to conntrack. {@link FlowReader} reads the answers. */
final class FlowRequests {

    private FlowRequests() {}

    /**
     * Writes a request for all UDP flows of one family. Linux 5.8 and later send only the flows of UDP. An older kernel
     * ignores the attribute CTA_FILTER, which it does not know, and sends the flows of other protocols too.
     */
    static void dump(MessageWriter out, IpFamily family, int sequence) {
        begin(out, CtAttribute.GET, Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP, sequence, family);
        int tuple = out.nested(CtAttribute.CTA_TUPLE_ORIG);
        int protocol = out.nested(CtAttribute.CTA_TUPLE_PROTO);
        out.u8(CtAttribute.CTA_PROTO_NUM, CtAttribute.UDP);
        out.close(protocol);
        out.close(tuple);
        int filter = out.nested(CtAttribute.CTA_FILTER);
        out.u32Host(CtAttribute.CTA_FILTER_ORIG_FLAGS, CtAttribute.FILTER_BY_PROTO_NUM);
        out.close(filter);
        out.end();
    }

    /**
     * Writes a request to remove one flow, with an acknowledgement. The addresses and ports are always written: a
     * request without them would empty the whole table.
     */
    static void delete(MessageWriter out, UdpFlow flow, int sequence) {
        begin(out, CtAttribute.DELETE, Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK, sequence, flow.family());
        int tuple = out.nested(CtAttribute.CTA_TUPLE_ORIG);
        int addresses = out.nested(CtAttribute.CTA_TUPLE_IP);
        address(out, CtAttribute.CTA_IP_V4_SRC, CtAttribute.CTA_IP_V6_SRC, flow.source());
        address(out, CtAttribute.CTA_IP_V4_DST, CtAttribute.CTA_IP_V6_DST, flow.destination());
        out.close(addresses);
        int protocol = out.nested(CtAttribute.CTA_TUPLE_PROTO);
        out.u8(CtAttribute.CTA_PROTO_NUM, CtAttribute.UDP);
        out.u16(CtAttribute.CTA_PROTO_SRC_PORT, flow.sourcePort());
        out.u16(CtAttribute.CTA_PROTO_DST_PORT, flow.destinationPort());
        out.close(protocol);
        out.close(tuple);
        out.u32(CtAttribute.CTA_ID, flow.id());
        out.end();
    }

    private static void begin(MessageWriter out, int message, int flags, int sequence, IpFamily family) {
        out.beginNetfilter(Netlink.type(Netlink.CONNTRACK, message), flags, sequence, CtAttribute.family(family), 0);
    }

    private static void address(MessageWriter out, int ipv4Type, int ipv6Type, Ip ip) {
        switch (ip) {
            case Ipv4(int bits) -> out.u32(ipv4Type, bits);
            case Ipv6(long high, long low) -> {
                int start = out.attribute(ipv6Type);
                out.put64(high);
                out.put64(low);
                out.close(start);
            }
        }
    }
}
