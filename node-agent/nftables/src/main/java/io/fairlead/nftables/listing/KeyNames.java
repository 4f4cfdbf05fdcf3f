package io.fairlead.nftables.listing;

import java.util.ArrayList;
import java.util.List;

/** The values that the expressions meta, ct, rt, fib and socket load, by the kernel's number of their key. */
final class KeyNames {
    /** The keys that nft writes without "meta". */
    private static final List<String> BARE =
            List.of("iif", "oif", "iifname", "oifname", "iifgroup", "oifgroup", "ibrname", "obrname");
    /**
     * For each key, in the order of the kernel's numbers NFT_META_*: the name, nft's number for the type, the length in
     * bytes, and "h" if a number has the machine's byte order.
     */
    private static final List<Term.Named> META = named(
            "meta ",
            ("length 4 4 h,protocol 10 2 n,priority 23 4 h,mark 19 4 h,"
                    + "iif 20 4 h,oif 20 4 h,iifname 41 16 n,oifname 41 16 n,iiftype 21 2 h,oiftype 21 2 h,skuid 24 4 h,"
                    + "skgid 25 4 h,nftrace 4 1 n,rtclassid 22 4 h,secmark 4 4 h,nfproto 2 1 n,l4proto 12 1 n,ibrname 41 16 n,"
                    + "obrname 41 16 n,pkttype 31 1 n,cpu 4 4 h,iifgroup 35 4 h,oifgroup 35 4 h,cgroup 4 4 h,random 4 4 n,"
                    + "ipsec 39 1 n,iifkind 5 16 n,oifkind 5 16 n,ibrpvid 4 2 h,ibrvproto 10 2 n,time 43 8 h,day 45 1 n,"
                    + "hour 44 4 h,sdif 20 4 h,sdifname 41 16 n,broute 4 1 n"));

    private static final List<Term.Named> CT = named(
            "",
            ("state 26 4 h,direction 27 1 n,status 28 4 h,mark 19 4 h,"
                    + "secmark 4 4 h,expiration 18 4 h,helper 5 16 n,l3proto 2 1 n,saddr 0 16 n,daddr 0 16 n,protocol 12 1 n,"
                    + "proto-src 13 2 n,proto-dst 13 2 n,label 30 16 h,packets 4 8 h,bytes 4 8 h,avgpkt 4 8 h,zone 4 2 h,"
                    + "event 40 4 h,ip~saddr 7 4 n,ip~daddr 7 4 n,ip6~saddr 8 16 n,ip6~daddr 8 16 n,id 4 4 n"));
    private static final List<Term.Named> RT =
            named("rt ", "classid 22 4 h,ip~nexthop 7 4 n,ip6~nexthop 8 16 n,mtu 4 2 h,ipsec 39 1 n");
    private static final List<Term.Named> SOCKET =
            named("socket ", "transparent 4 1 n,mark 19 4 h,wildcard 4 1 n,cgroupv2~level 46 8 h");

    private static final int FIB_INDEX = 1;
    private static final int FIB_NAME = 2;
    private static final int FIB_TYPE = 3;
    private static final int FIB_PRESENT = 1 << 5;
    private static final String[] FIB_KEYS = {"saddr", "daddr", "mark", "iif", "oif"};

    private KeyNames() {}

    private static List<Term.Named> named(String before, String text) {
        List<Term.Named> terms = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            String[] words = each.split(" ", -1);
            String name = words[0].replace('~', ' ');
            terms.add(new Term.Named(
                    (before.equals("meta ") && BARE.contains(name) ? "" : before) + name,
                    Integer.parseInt(words[1]),
                    Integer.parseInt(words[2]),
                    words[3].equals("h")));
        }
        return List.copyOf(terms);
    }

    private static Term at(List<Term.Named> terms, String expression, int key) {
        return key >= 0 && key < terms.size() ? terms.get(key) : new Term.Unknown(expression + "-" + key);
    }

    static Term meta(int key) {
        return at(META, "meta", key);
    }

    /**
     * Returns a property of the connection.
     *
     * @param direction 0 for the direction of the first packet, 1 for replies, another number for neither
     * @param network the EtherType of the packets; 0 if it is not known
     */
    static Term ct(int key, int direction, int network) {
        if (!(at(CT, "ct", key) instanceof Term.Named(String name, int type, int length, boolean host))) {
            return new Term.Unknown("ct-" + key);
        }
        String way = direction == 0 ? "original " : direction == 1 ? "reply " : "";
        if (name.equals("saddr") || name.equals("daddr")) {
            boolean ipv4 = network == Headers.IPV4;
            return new Term.Named(
                    "ct " + way + (network == 0 || way.isEmpty() ? "" : ipv4 ? "ip " : "ip6 ") + name,
                    ipv4 ? Words.IPV4 : network == Headers.IPV6 ? Words.IPV6 : 0,
                    ipv4 ? Integer.BYTES : length,
                    false);
        }
        return new Term.Named("ct " + way + name, type, length, host);
    }

    static Term route(int key) {
        return at(RT, "rt", key);
    }

    static Term socket(int key, int level) {
        return at(SOCKET, "socket", key) instanceof Term.Named(String text, int type, int length, boolean host)
                ? new Term.Named(text.endsWith(" level") ? text + " " + level : text, type, length, host)
                : new Term.Unknown("socket-" + key);
    }

    static Term fib(int result, int flags) {
        List<String> by = new ArrayList<>();
        for (int i = 0; i < FIB_KEYS.length; i++) {
            if ((flags & 1 << i) != 0) {
                by.add(FIB_KEYS[i]);
            }
        }
        String text = "fib " + String.join(" . ", by);
        boolean present = (flags & FIB_PRESENT) != 0;
        return switch (result) {
            case FIB_INDEX ->
                new Term.Named(text + " oif", present ? Words.EXISTENCE : Words.INTERFACE_INDEX, Integer.BYTES, true);
            case FIB_NAME ->
                present
                        ? new Term.Named(text + " oifname", Words.EXISTENCE, Integer.BYTES, true)
                        : new Term.Named(text + " oifname", Words.INTERFACE_NAME, 16, false);
            case FIB_TYPE -> new Term.Named(text + " type", Words.ADDRESS_KIND, Integer.BYTES, true);
            default -> new Term.Unknown("fib-" + result);
        };
    }
}
