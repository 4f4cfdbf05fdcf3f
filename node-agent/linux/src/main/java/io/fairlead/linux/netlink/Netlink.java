package io.fairlead.linux.netlink;

/** The numbers that all netlink protocols share, by the names of linux/netlink.h and linux/netfilter/nfnetlink.h. */
public final class Netlink {
    /** The length of the header of a message: length, type, flags, sequence number, port. */
    public static final int HEADER = 16;

    /** The length of the header that follows in messages of netfilter: family, version, resource. */
    public static final int NETFILTER_HEADER = 4;

    /** The length of the header of an attribute: length, type. */
    public static final int ATTRIBUTE_HEADER = 4;

    /** NETLINK_NETFILTER, the protocol of nf_tables, conntrack and others. */
    public static final int NETFILTER = 12;

    /** NFNL_SUBSYS_CTNETLINK. */
    public static final int CONNTRACK = 1;

    /** NFNL_SUBSYS_NFTABLES. */
    public static final int NF_TABLES = 10;

    /** NFNLGRP_NFTABLES, the group of sockets that receive the changes of nf_tables. */
    public static final int NF_TABLES_GROUP = 7;

    public static final int NLMSG_NOOP = 1;
    public static final int NLMSG_ERROR = 2;
    public static final int NLMSG_DONE = 3;

    /** The first type of a message of a protocol; the ones below are netlink's own. */
    public static final int NLMSG_MIN_TYPE = 16;

    public static final int NFNL_MSG_BATCH_BEGIN = 16;
    public static final int NFNL_MSG_BATCH_END = 17;

    /** NFNL_BATCH_GENID: the batch is refused if the generation is another one. */
    public static final int NFNL_BATCH_GENID = 1;

    public static final int NLM_F_REQUEST = 0x1;
    public static final int NLM_F_MULTI = 0x2;
    public static final int NLM_F_ACK = 0x4;
    public static final int NLM_F_ECHO = 0x8;

    /** The kernel changed the objects during a dump, so that the dump may lack objects or have them twice. */
    public static final int NLM_F_DUMP_INTR = 0x10;

    /** NLM_F_ROOT | NLM_F_MATCH. */
    public static final int NLM_F_DUMP = 0x300;

    public static final int NLM_F_REPLACE = 0x100;
    public static final int NLM_F_EXCL = 0x200;
    public static final int NLM_F_CREATE = 0x400;
    public static final int NLM_F_APPEND = 0x800;

    /** In an acknowledgement: the request is not repeated after its header. */
    public static final int NLM_F_CAPPED = 0x100;

    /** In an acknowledgement: attributes follow. */
    public static final int NLM_F_ACK_TLVS = 0x200;

    /** In the type of an attribute: its value is attributes. */
    static final int NLA_F_NESTED = 0x8000;

    /** The rest of the type; bit 14 says that the value is in network order. */
    static final int TYPE_MASK = 0x3fff;

    static final int NLMSGERR_ATTR_MSG = 1;
    static final int NLMSGERR_ATTR_OFFS = 2;

    /** The greatest length of an attribute with its header: the field has 16 bits. */
    static final int LONGEST_ATTRIBUTE = 0xffff;

    private Netlink() {}

    /** Returns the type of a message of a subsystem of netfilter. */
    public static int type(int subsystem, int message) {
        return subsystem << 8 | message;
    }

    /**
     * Returns the length of something after which the next one begins: messages and attributes begin at multiples of 4.
     */
    static int aligned(int length) {
        return length + 3 & ~3;
    }
}
