package io.fairlead.nftables;

/**
 * The constants of nf_tables that Fairlead's rules need. Their names are those of linux/netfilter/nf_tables.h. The
 * values are the same on all kernels.
 */
public final class NfTables {
    // Messages.
    public static final int NFT_MSG_NEWTABLE = 0;
    public static final int NFT_MSG_GETTABLE = 1;
    public static final int NFT_MSG_DELTABLE = 2;
    public static final int NFT_MSG_NEWCHAIN = 3;
    public static final int NFT_MSG_GETCHAIN = 4;
    public static final int NFT_MSG_DELCHAIN = 5;
    public static final int NFT_MSG_NEWRULE = 6;
    public static final int NFT_MSG_GETRULE = 7;
    public static final int NFT_MSG_DELRULE = 8;
    public static final int NFT_MSG_NEWSET = 9;
    public static final int NFT_MSG_GETSET = 10;
    public static final int NFT_MSG_DELSET = 11;
    public static final int NFT_MSG_NEWSETELEM = 12;
    public static final int NFT_MSG_GETSETELEM = 13;
    public static final int NFT_MSG_DELSETELEM = 14;
    public static final int NFT_MSG_NEWGEN = 15;
    public static final int NFT_MSG_GETGEN = 16;
    public static final int NFT_MSG_GETOBJ = 19;
    public static final int NFT_MSG_DELOBJ = 20;
    public static final int NFT_MSG_GETFLOWTABLE = 23;
    public static final int NFT_MSG_DELFLOWTABLE = 24;

    // Lists, which many attributes contain.
    public static final int NFTA_LIST_ELEM = 1;

    // Tables.
    public static final int NFTA_TABLE_NAME = 1;
    public static final int NFTA_TABLE_FLAGS = 2;
    public static final int NFTA_TABLE_USERDATA = 6;

    // Chains.
    public static final int NFTA_CHAIN_TABLE = 1;
    public static final int NFTA_CHAIN_NAME = 3;
    public static final int NFTA_CHAIN_HOOK = 4;
    public static final int NFTA_CHAIN_POLICY = 5;
    public static final int NFTA_CHAIN_TYPE = 7;
    public static final int NFTA_CHAIN_USERDATA = 12;
    public static final int NFTA_HOOK_HOOKNUM = 1;
    public static final int NFTA_HOOK_PRIORITY = 2;

    // Rules and their expressions.
    public static final int NFTA_RULE_TABLE = 1;
    public static final int NFTA_RULE_CHAIN = 2;
    public static final int NFTA_RULE_HANDLE = 3;
    public static final int NFTA_RULE_EXPRESSIONS = 4;
    public static final int NFTA_RULE_USERDATA = 7;
    public static final int NFTA_EXPR_NAME = 1;
    public static final int NFTA_EXPR_DATA = 2;

    // Sets.
    public static final int NFTA_SET_TABLE = 1;
    public static final int NFTA_SET_NAME = 2;
    public static final int NFTA_SET_FLAGS = 3;
    public static final int NFTA_SET_KEY_TYPE = 4;
    public static final int NFTA_SET_KEY_LEN = 5;
    public static final int NFTA_SET_DATA_TYPE = 6;
    public static final int NFTA_SET_DATA_LEN = 7;
    public static final int NFTA_SET_DESC = 9;
    public static final int NFTA_SET_ID = 10;
    public static final int NFTA_SET_TIMEOUT = 11;
    public static final int NFTA_SET_USERDATA = 13;
    public static final int NFTA_SET_DESC_SIZE = 1;
    public static final int NFT_SET_ANONYMOUS = 1;
    public static final int NFT_SET_CONSTANT = 2;
    public static final int NFT_SET_INTERVAL = 4;
    public static final int NFT_SET_MAP = 8;
    public static final int NFT_SET_TIMEOUT = 16;
    public static final int NFT_SET_EVAL = 32;

    // Elements.
    public static final int NFTA_SET_ELEM_LIST_TABLE = 1;
    public static final int NFTA_SET_ELEM_LIST_SET = 2;
    public static final int NFTA_SET_ELEM_LIST_ELEMENTS = 3;
    public static final int NFTA_SET_ELEM_LIST_SET_ID = 4;
    public static final int NFTA_SET_ELEM_KEY = 1;
    public static final int NFTA_SET_ELEM_DATA = 2;
    public static final int NFTA_SET_ELEM_FLAGS = 3;
    public static final int NFTA_SET_ELEM_USERDATA = 6;
    public static final int NFT_SET_ELEM_INTERVAL_END = 1;

    // Data and verdicts.
    public static final int NFTA_DATA_VALUE = 1;
    public static final int NFTA_DATA_VERDICT = 2;
    public static final int NFTA_VERDICT_CODE = 1;
    public static final int NFTA_VERDICT_CHAIN = 2;
    public static final int NFT_JUMP = -3;
    public static final int NFT_GOTO = -4;
    public static final int NFT_RETURN = -5;

    // Registers.
    public static final int NFT_REG_VERDICT = 0;
    public static final int NFT_REG32_00 = 8;

    // Expression immediate.
    public static final int NFTA_IMMEDIATE_DREG = 1;
    public static final int NFTA_IMMEDIATE_DATA = 2;

    // Expression bitwise.
    public static final int NFTA_BITWISE_SREG = 1;
    public static final int NFTA_BITWISE_DREG = 2;
    public static final int NFTA_BITWISE_LEN = 3;
    public static final int NFTA_BITWISE_MASK = 4;
    public static final int NFTA_BITWISE_XOR = 5;

    // Expression byteorder.
    public static final int NFTA_BYTEORDER_SREG = 1;
    public static final int NFTA_BYTEORDER_DREG = 2;
    public static final int NFTA_BYTEORDER_OP = 3;
    public static final int NFTA_BYTEORDER_LEN = 4;
    public static final int NFTA_BYTEORDER_SIZE = 5;
    public static final int NFT_BYTEORDER_HTON = 1;

    // Expression cmp.
    public static final int NFTA_CMP_SREG = 1;
    public static final int NFTA_CMP_OP = 2;
    public static final int NFTA_CMP_DATA = 3;
    public static final int NFT_CMP_EQ = 0;
    public static final int NFT_CMP_NEQ = 1;
    public static final int NFT_CMP_LT = 2;

    // Expression lookup.
    public static final int NFTA_LOOKUP_SET = 1;
    public static final int NFTA_LOOKUP_SREG = 2;
    public static final int NFTA_LOOKUP_DREG = 3;
    public static final int NFTA_LOOKUP_SET_ID = 4;
    public static final int NFTA_LOOKUP_FLAGS = 5;
    public static final int NFT_LOOKUP_F_INV = 1;

    // Expression dynset.
    public static final int NFTA_DYNSET_SET_NAME = 1;
    public static final int NFTA_DYNSET_OP = 3;
    public static final int NFTA_DYNSET_SREG_KEY = 4;
    public static final int NFTA_DYNSET_SREG_DATA = 5;
    public static final int NFT_DYNSET_OP_UPDATE = 1;
    public static final int NFT_DYNSET_OP_DELETE = 2;

    // Expression payload.
    public static final int NFTA_PAYLOAD_DREG = 1;
    public static final int NFTA_PAYLOAD_BASE = 2;
    public static final int NFTA_PAYLOAD_OFFSET = 3;
    public static final int NFTA_PAYLOAD_LEN = 4;
    public static final int NFT_PAYLOAD_NETWORK_HEADER = 1;
    public static final int NFT_PAYLOAD_TRANSPORT_HEADER = 2;

    // Expression meta.
    public static final int NFTA_META_DREG = 1;
    public static final int NFTA_META_KEY = 2;
    public static final int NFTA_META_SREG = 3;
    public static final int NFT_META_MARK = 3;
    public static final int NFT_META_IIFNAME = 6;
    public static final int NFT_META_L4PROTO = 16;

    // Expression ct.
    public static final int NFTA_CT_DREG = 1;
    public static final int NFTA_CT_KEY = 2;
    public static final int NFTA_CT_DIRECTION = 3;
    public static final int NFT_CT_STATE = 0;
    public static final int NFT_CT_STATUS = 2;
    public static final int NFT_CT_PROTO_DST = 12;
    public static final int NFT_CT_DST_IP = 20;
    public static final int NFT_CT_DST_IP6 = 22;

    // Expression nat.
    public static final int NFTA_NAT_TYPE = 1;
    public static final int NFTA_NAT_FAMILY = 2;
    public static final int NFTA_NAT_REG_ADDR_MIN = 3;
    public static final int NFTA_NAT_REG_PROTO_MIN = 5;
    public static final int NFT_NAT_DNAT = 1;

    // Expression masq.
    public static final int NFTA_MASQ_FLAGS = 1;

    // Expression reject.
    public static final int NFTA_REJECT_TYPE = 1;
    public static final int NFTA_REJECT_ICMP_CODE = 2;
    public static final int NFT_REJECT_ICMP_UNREACH = 0;
    public static final int NFT_REJECT_TCP_RST = 1;

    // Expression fib.
    public static final int NFTA_FIB_DREG = 1;
    public static final int NFTA_FIB_RESULT = 2;
    public static final int NFTA_FIB_FLAGS = 3;
    public static final int NFT_FIB_RESULT_ADDRTYPE = 3;
    public static final int NFTA_FIB_F_SADDR = 1;
    public static final int NFTA_FIB_F_DADDR = 2;

    // Expression numgen.
    public static final int NFTA_NG_DREG = 1;
    public static final int NFTA_NG_MODULUS = 2;
    public static final int NFTA_NG_TYPE = 3;
    public static final int NFT_NG_RANDOM = 1;

    // Objects.
    public static final int NFTA_OBJ_TABLE = 1;
    public static final int NFTA_OBJ_NAME = 2;
    public static final int NFTA_OBJ_TYPE = 3;
    public static final int NFTA_FLOWTABLE_TABLE = 1;
    public static final int NFTA_FLOWTABLE_NAME = 2;

    // Types of objects.
    public static final int NFT_OBJECT_COUNTER = 1;
    public static final int NFT_OBJECT_QUOTA = 2;
    public static final int NFT_OBJECT_CT_HELPER = 3;
    public static final int NFT_OBJECT_LIMIT = 4;
    public static final int NFT_OBJECT_TUNNEL = 6;
    public static final int NFT_OBJECT_CT_TIMEOUT = 7;
    public static final int NFT_OBJECT_SECMARK = 8;
    public static final int NFT_OBJECT_CT_EXPECT = 9;
    public static final int NFT_OBJECT_SYNPROXY = 10;

    /** The data type of a map whose data are verdicts. */
    public static final int NFT_DATA_VERDICT = 0xffffff00;

    /** The code of the verdict that drops a packet. */
    public static final int NF_DROP = 0;

    /** The code of the verdict that accepts a packet. */
    public static final int NF_ACCEPT = 1;

    /** The family of "ip" tables, the same number as AF_INET. */
    public static final int NFPROTO_IPV4 = 2;

    /** The family of "ip6" tables, the same number as AF_INET6. */
    public static final int NFPROTO_IPV6 = 10;

    private NfTables() {}
}
