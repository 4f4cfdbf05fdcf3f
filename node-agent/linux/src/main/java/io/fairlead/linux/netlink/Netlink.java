package io.fairlead.linux.netlink;

/**
 * The constants of netlink, and the constants of netfilter that several of its subsystems need. Their names are those
 * of linux/netlink.h and linux/netfilter/nfnetlink.h.
 */
public final class Netlink {
    /**
     * The length in bytes of the header of a message, which consists of length, type, flags, sequence number and port.
     */
    public static final int HEADER = 16;

    /**
     * The length in bytes of netfilter's own header, which follows the message header: family, version and resource.
     */
    public static final int NETFILTER_HEADER = 4;

    /** The length in bytes of the header of an attribute, which consists of length and type. */
    public static final int ATTRIBUTE_HEADER = 4;

    /** NETLINK_ROUTE, the protocol of interfaces, addresses and routes. */
    public static final int ROUTE = 0;

    /** NETLINK_NETFILTER, the protocol of nf_tables, conntrack and others. */
    public static final int NETFILTER = 12;

    /** NFNL_SUBSYS_CTNETLINK, netfilter's subsystem for conntrack. */
    public static final int CONNTRACK = 1;

    /** NFNL_SUBSYS_NFTABLES, netfilter's subsystem for nf_tables. */
    public static final int NF_TABLES = 10;

    /** NFNLGRP_NFTABLES: the sockets that join this group receive an event for each change of nf_tables. */
    public static final int NF_TABLES_GROUP = 7;

    public static final int NLMSG_NOOP = 1;
    public static final int NLMSG_ERROR = 2;
    public static final int NLMSG_DONE = 3;

    /** The lowest message type that a protocol may define. Lower types belong to netlink itself. */
    public static final int NLMSG_MIN_TYPE = 16;

    public static final int NFNL_MSG_BATCH_BEGIN = 16;
    public static final int NFNL_MSG_BATCH_END = 17;

    /**
     * The kernel refuses the batch if the value of this attribute is not the current generation of the kernel's rules.
     */
    public static final int NFNL_BATCH_GENID = 1;

    public static final int NLM_F_REQUEST = 0x1;
    public static final int NLM_F_MULTI = 0x2;
    public static final int NLM_F_ACK = 0x4;
    public static final int NLM_F_ECHO = 0x8;

    /** The objects changed during a dump: some objects may be missing from the dump or duplicate. */
    public static final int NLM_F_DUMP_INTR = 0x10;

    /** In a request: return all objects (NLM_F_ROOT and NLM_F_MATCH). */
    public static final int NLM_F_DUMP = 0x300;

    public static final int NLM_F_REPLACE = 0x100;
    public static final int NLM_F_EXCL = 0x200;
    public static final int NLM_F_CREATE = 0x400;
    public static final int NLM_F_APPEND = 0x800;

    /** In an acknowledgement: only the header of the request is repeated, not its content. */
    public static final int NLM_F_CAPPED = 0x100;

    /** In an acknowledgement: attributes follow, for example with the reason of an error. */
    public static final int NLM_F_ACK_TLVS = 0x200;

    /** In the type of an attribute: the value consists of nested attributes. */
    static final int NLA_F_NESTED = 0x8000;

    /**
     * The bits of an attribute's type without its two flags: bit 15 is NLA_F_NESTED, bit 14 means that the value is in
     * network byte order.
     */
    static final int TYPE_MASK = 0x3fff;

    static final int NLMSGERR_ATTR_MSG = 1;
    static final int NLMSGERR_ATTR_OFFS = 2;

    /** The greatest length of an attribute in bytes, including its header. The length field has 16 bits. */
    static final int LONGEST_ATTRIBUTE = 0xffff;

    private Netlink() {}

    /** Returns the type of a message of a subsystem of netfilter. */
    public static int type(int subsystem, int message) {
        return subsystem << 8 | message;
    }

    /** Rounds a length up to a multiple of 4, because every message and every attribute begins at a multiple of 4. */
    static int aligned(int length) {
        return length + 3 & ~3;
    }
}
