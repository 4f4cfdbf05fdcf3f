package io.fairlead.conntrack;

import io.fairlead.core.net.IpFamily;

/**
 * The numbers of conntrack's messages and attributes. Their names are those of linux/netfilter/nfnetlink_conntrack.h.
 */
final class CtAttribute {
    /** IPCTNL_MSG_CT_NEW: the type of a new flow, and of each flow in a dump. */
    static final int NEW = 0;

    /** IPCTNL_MSG_CT_GET: the type of a request to list flows. */
    static final int GET = 1;

    /** IPCTNL_MSG_CT_DELETE: the type of a request to remove a flow. */
    static final int DELETE = 2;

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
     * A bit of CTA_FILTER_ORIG_FLAGS: dump only flows whose original direction has the given protocol
     * (net/netfilter/nf_internals.h).
     */
    static final int FILTER_BY_PROTO_NUM = 1 << 3;

    /** The only protocol whose flows are listed and removed (CT-1). */
    static final int UDP = 17;

    private CtAttribute() {}

    /** Returns AF_INET or AF_INET6. */
    static int family(IpFamily family) {
        return switch (family) {
            case IPV4 -> 2;
            case IPV6 -> 10;
        };
    }
}
