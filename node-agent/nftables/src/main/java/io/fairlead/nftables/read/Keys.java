package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import org.jspecify.annotations.Nullable;

/** The keys of the expressions meta and ct: their names in nft, and the lengths of their values in bytes. */
final class Keys {
    private static final int NAME = 16;

    /** The names of meta keys, indexed by NFT_META_*; null if the name or the length is unknown. */
    private static final @Nullable String[] META = {
        "length",
        "protocol",
        "priority",
        "mark",
        "iif",
        "oif",
        "iifname",
        "oifname",
        "iiftype",
        "oiftype",
        "skuid",
        "skgid",
        "nftrace",
        "rtclassid",
        null,
        "nfproto",
        "l4proto",
        "ibrname",
        "obrname",
        "pkttype",
        "cpu",
        "iifgroup",
        "oifgroup",
        "cgroup",
        "random"
    };

    /** The names of ct keys, indexed by NFT_CT_*; null if the name or the length is unknown. */
    private static final @Nullable String[] CT = {
        "state",
        "direction",
        "status",
        "mark",
        null,
        "expiration",
        "helper",
        "l3proto",
        "saddr",
        "daddr",
        "protocol",
        "proto-src",
        "proto-dst",
        "label",
        "packets",
        "bytes",
        "avgpkt",
        "zone",
        "event",
        "saddr",
        "daddr",
        "saddr",
        "daddr",
        null,
        "id"
    };

    private Keys() {}

    static String meta(int key) {
        return key == NFT_META_PKTTYPE ? "pkttype" : word(META, key);
    }

    static String ct(int key) {
        return word(CT, key);
    }

    private static String word(@Nullable String[] words, int key) {
        String word = key < 0 || key >= words.length ? null : words[key];
        return word == null ? "[" + key + "]" : word;
    }

    static int metaLength(int key) {
        return switch (key) {
            case NFT_META_IIFNAME, NFT_META_OIFNAME, NFT_META_BRI_IIFNAME, NFT_META_BRI_OIFNAME -> NAME;
            case NFT_META_L4PROTO, NFT_META_NFPROTO, NFT_META_PKTTYPE, NFT_META_NFTRACE -> 1;
            case NFT_META_PROTOCOL, NFT_META_IIFTYPE, NFT_META_OIFTYPE -> 2;
            default -> Integer.BYTES;
        };
    }

    static int ctLength(int key) {
        return switch (key) {
            case NFT_CT_DIRECTION, NFT_CT_L3PROTOCOL, NFT_CT_PROTOCOL -> 1;
            case NFT_CT_PROTO_SRC, NFT_CT_PROTO_DST, NFT_CT_ZONE -> 2;
            case NFT_CT_SRC_IP6, NFT_CT_DST_IP6, NFT_CT_SRC, NFT_CT_DST, NFT_CT_HELPER, NFT_CT_LABELS -> 16;
            case NFT_CT_PKTS, NFT_CT_BYTES, NFT_CT_AVGPKT -> 8;
            default -> Integer.BYTES;
        };
    }

    static final int NFT_META_PROTOCOL = 1;
    static final int NFT_META_IIF = 4;
    static final int NFT_META_OIF = 5;
    static final int NFT_META_OIFNAME = 7;
    private static final int NFT_META_IIFTYPE = 8;
    private static final int NFT_META_OIFTYPE = 9;
    private static final int NFT_META_NFTRACE = 12;
    static final int NFT_META_NFPROTO = 15;
    private static final int NFT_META_BRI_IIFNAME = 17;
    private static final int NFT_META_BRI_OIFNAME = 18;
    private static final int NFT_META_PKTTYPE = 19;
    private static final int NFT_CT_DIRECTION = 1;
    static final int NFT_CT_MARK = 3;
    private static final int NFT_CT_HELPER = 6;
    private static final int NFT_CT_L3PROTOCOL = 7;
    private static final int NFT_CT_SRC = 8;
    private static final int NFT_CT_DST = 9;
    private static final int NFT_CT_PROTOCOL = 10;
    static final int NFT_CT_PROTO_SRC = 11;
    private static final int NFT_CT_LABELS = 13;
    private static final int NFT_CT_PKTS = 14;
    private static final int NFT_CT_BYTES = 15;
    private static final int NFT_CT_AVGPKT = 16;
    private static final int NFT_CT_ZONE = 17;
    static final int NFT_CT_SRC_IP = 19;
    static final int NFT_CT_SRC_IP6 = 21;
}
