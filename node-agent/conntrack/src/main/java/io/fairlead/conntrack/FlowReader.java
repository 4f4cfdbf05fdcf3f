package io.fairlead.conntrack;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Ipv4;
import io.fairlead.core.net.Ipv6;
import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MalformedMessageException;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.netlink.Netlink;
import org.jspecify.annotations.Nullable;

/** Reads flows from the messages of conntrack. Attributes that are not needed are ignored. */
final class FlowReader {

    private FlowReader() {}

    /**
     * Returns the flow in a message. Returns null if the message contains no flow, if the flow is not UDP, or if it is
     * not in the default zone: only other programs use other zones.
     *
     * @throws MalformedMessageException if a tuple or an address is missing, or if an attribute is malformed
     */
    static @Nullable UdpFlow flow(MessageReader message) {
        if (message.type() != Netlink.type(Netlink.CONNTRACK, CtAttribute.NEW)) {
            return null;
        }
        Tuple original = null;
        Tuple reply = null;
        int id = 0;
        boolean defaultZone = true;
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            switch (attributes.type()) {
                case CtAttribute.CTA_TUPLE_ORIG -> original = tuple(attributes.nested());
                case CtAttribute.CTA_TUPLE_REPLY -> reply = tuple(attributes.nested());
                case CtAttribute.CTA_ID -> id = attributes.u32();
                case CtAttribute.CTA_ZONE -> defaultZone = false;
                default -> {}
            }
        }
        if (original == null || reply == null) {
            throw new MalformedMessageException("flow without a tuple");
        }
        return original.isOurs() && reply.isOurs() && defaultZone ? flow(original, reply, id) : null;
    }

    private static UdpFlow flow(Tuple original, Tuple reply, int id) {
        return new UdpFlow(
                original.source(),
                original.sourcePort,
                original.destination(),
                original.destinationPort,
                reply.source(),
                reply.sourcePort,
                id);
    }

    private static Tuple tuple(Attributes attributes) {
        Tuple tuple = new Tuple();
        while (attributes.next()) {
            switch (attributes.type()) {
                case CtAttribute.CTA_TUPLE_IP -> addresses(attributes.nested(), tuple);
                case CtAttribute.CTA_TUPLE_PROTO -> ports(attributes.nested(), tuple);
                case CtAttribute.CTA_TUPLE_ZONE -> tuple.defaultZone = false;
                default -> {}
            }
        }
        return tuple;
    }

    private static void addresses(Attributes attributes, Tuple tuple) {
        while (attributes.next()) {
            switch (attributes.type()) {
                case CtAttribute.CTA_IP_V4_SRC -> tuple.source = new Ipv4(attributes.u32());
                case CtAttribute.CTA_IP_V4_DST -> tuple.destination = new Ipv4(attributes.u32());
                case CtAttribute.CTA_IP_V6_SRC -> tuple.source = ipv6(attributes);
                case CtAttribute.CTA_IP_V6_DST -> tuple.destination = ipv6(attributes);
                default -> {}
            }
        }
    }

    private static Ipv6 ipv6(Attributes attribute) {
        return new Ipv6(attribute.u64(0), attribute.u64(Long.BYTES));
    }

    private static void ports(Attributes attributes, Tuple tuple) {
        while (attributes.next()) {
            switch (attributes.type()) {
                case CtAttribute.CTA_PROTO_NUM -> tuple.protocol = attributes.u8();
                case CtAttribute.CTA_PROTO_SRC_PORT -> tuple.sourcePort = attributes.u16();
                case CtAttribute.CTA_PROTO_DST_PORT -> tuple.destinationPort = attributes.u16();
                default -> {}
            }
        }
    }

    /** The addresses and ports of one direction of a flow. */
    private static final class Tuple {
        private @Nullable Ip source;
        private @Nullable Ip destination;
        private int protocol;
        private int sourcePort;
        private int destinationPort;
        private boolean defaultZone = true;

        boolean isOurs() {
            return protocol == CtAttribute.UDP && defaultZone;
        }

        Ip source() {
            return present(source);
        }

        Ip destination() {
            return present(destination);
        }

        private static Ip present(@Nullable Ip ip) {
            if (ip == null) {
                throw new MalformedMessageException("tuple without an address");
            }
            return ip;
        }
    }
}
