package io.fairlead.agent.conntrack;

import io.fairlead.core.net.IpFamily;

/**
 * The numbers of the protocol, by the kernel's names: linux/netlink.h, linux/netfilter/nfnetlink.h and
 * linux/netfilter/nfnetlink_conntrack.h, where they are fixed for good.
 */
final class Wire {
    /** Length, type, flags, sequence number and port of every netlink message. */
    static final int MESSAGE_HEADER = 16;

    /** Family, version and resource after that in every message of netfilter. */
    static final int NETFILTER_HEADER = 4;

    /** Length and type of every attribute. */
    static final int ATTRIBUTE_HEADER = 4;

    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;

    static final int NLM_F_REQUEST = 0x1;
    static final int NLM_F_ACK = 0x4;
    static final int NLM_F_DUMP = 0x300;

    /** NFNL_SUBSYS_CTNETLINK, the upper half of a message's type. */
    static final int SUBSYSTEM = 1;

    /** IPCTNL_MSG_CT_NEW, which is also how flows are shown. */
    static final int NEW = 0;

    /** IPCTNL_MSG_CT_GET. */
    static final int GET = 1;

    /** IPCTNL_MSG_CT_DELETE. */
    static final int DELETE = 2;

    /** NLA_F_NESTED, in the type of an attribute that holds attributes. */
    static final int NESTED = 0x8000;

    /** The rest of an attribute's type. */
    static final int TYPE_MASK = 0x3fff;

    static final int CTA_TUPLE_ORIG = 1;
    static final int CTA_TUPLE_REPLY = 2;
    static final int CTA_ID = 12;
    static final int CTA_ZONE = 18;
    static final int CTA_FILTER = 25;

    static final int CTA_TUPLE_IP = 1;
    static final int CTA_TUPLE_PROTO = 2;
    static final int CTA_TUPLE_ZONE = 3;

    static final int CTA_IP_V4_SRC = 1;
    static final int CTA_IP_V4_DST = 2;
    static final int CTA_IP_V6_SRC = 3;
    static final int CTA_IP_V6_DST = 4;

    static final int CTA_PROTO_NUM = 1;
    static final int CTA_PROTO_SRC_PORT = 2;
    static final int CTA_PROTO_DST_PORT = 3;

    static final int CTA_FILTER_ORIG_FLAGS = 1;

    /**
     * Bit of CTA_FILTER_ORIG_FLAGS: of the original tuple the protocol's number counts (net/netfilter/nf_internals.h).
     */
    static final int FILTER_BY_PROTO_NUM = 1 << 3;

    /** The only protocol that is ever asked for, shown or removed (CT-1). */
    static final byte UDP = 17;

    private Wire() {}

    /** AF_INET or AF_INET6. */
    static int family(IpFamily family) {
        return switch (family) {
            case IPV4 -> 2;
            case IPV6 -> 10;
        };
    }
}
