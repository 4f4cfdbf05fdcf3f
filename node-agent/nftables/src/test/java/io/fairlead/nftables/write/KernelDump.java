package io.fairlead.nftables.write;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.Dump;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.linux.netlink.NetlinkSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Dumps all tables of a namespace with the bytes that the kernel reports: one line for each table, chain, rule, set and
 * element. It leaves out what differs between two loads of the same text: handles, counts of uses, the order of
 * elements in a set, and remaining lifetimes.
 */
final class KernelDump implements AutoCloseable {
    private static final int NFTA_TABLE_USE = 3;
    private static final int NFTA_TABLE_HANDLE = 4;
    private static final int NFTA_CHAIN_HANDLE = 2;
    private static final int NFTA_CHAIN_USE = 6;
    private static final int NFTA_RULE_POSITION = 6;
    private static final int NFTA_SET_HANDLE = 16;
    /**
     * The data structure that the kernel chose for a set, reported as a symbol of its code (kernel 6.16 and later), and
     * the number of elements.
     */
    private static final int NFTA_SET_TYPE = 19;

    private static final int NFTA_SET_COUNT = 20;
    private static final int NFTA_SET_ELEM_EXPIRATION = 5;

    private final NetlinkSocket socket;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(NetlinkSocket.DATAGRAM);
    private final MessageWriter request = MessageWriter.direct(1024);
    private int sequence = 1;

    private record Owner(int family, String table, String set) {}

    private KernelDump(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Returns the lines. The lines of rules are in the kernel's order; all other lines are sorted. */
    static List<String> of(String namespace) {
        Libc libc = Libc.load();
        try (KernelDump dump =
                new KernelDump(NetlinkSocket.open(libc, NetworkNamespace.of(libc, namespace), Netlink.NETFILTER))) {
            return dump.lines();
        }
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.addAll(sorted("table", NFT_MSG_GETTABLE, Set.of(NFTA_TABLE_USE, NFTA_TABLE_HANDLE)));
        lines.addAll(sorted("chain", NFT_MSG_GETCHAIN, Set.of(NFTA_CHAIN_HANDLE, NFTA_CHAIN_USE)));
        lines.addAll(sorted("set", NFT_MSG_GETSET, Set.of(NFTA_SET_HANDLE, NFTA_SET_TYPE, NFTA_SET_COUNT)));
        List<Owner> sets = new ArrayList<>();
        begin(NFT_MSG_GETSET, 0);
        request.end();
        run(message -> sets.add(owner(message)));
        sets.forEach(set -> lines.addAll(elements(set)));
        List<String> rules = new ArrayList<>();
        begin(NFT_MSG_GETRULE, 0);
        request.end();
        run(message -> rules.add("rule " + text(message, Set.of(NFTA_RULE_HANDLE, NFTA_RULE_POSITION))));
        lines.addAll(rules);
        return lines;
    }

    private Set<String> sorted(String kind, int message, Set<Integer> leftOut) {
        Set<String> lines = new TreeSet<>();
        begin(message, 0);
        request.end();
        run(each -> lines.add(kind + " " + text(each, leftOut)));
        return lines;
    }

    private List<String> elements(Owner owner) {
        List<String> lines = new ArrayList<>();
        begin(NFT_MSG_GETSETELEM, owner.family);
        request.string(NFTA_SET_ELEM_LIST_TABLE, owner.table);
        request.string(NFTA_SET_ELEM_LIST_SET, owner.set);
        request.end();
        run(message -> {
            Attributes attributes = message.netfilterAttributes();
            while (attributes.next()) {
                if (attributes.type() == NFTA_SET_ELEM_LIST_ELEMENTS) {
                    Attributes elements = attributes.nested();
                    while (elements.next()) {
                        lines.add("element " + owner.family + " " + owner.set
                                + text(elements.nested(), Set.of(NFTA_SET_ELEM_EXPIRATION)));
                    }
                }
            }
        });
        Collections.sort(lines);
        return lines;
    }

    private static Owner owner(MessageReader message) {
        String table = "";
        String set = "";
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_SET_TABLE -> table = attributes.string();
                case NFTA_SET_NAME -> set = attributes.string();
                default -> {}
            }
        }
        return new Owner(message.family(), table, set);
    }

    private static String text(MessageReader message, Set<Integer> leftOut) {
        return message.family() + text(message.netfilterAttributes(), leftOut);
    }

    /** Returns the attributes as "type=value". A value is text if it is readable, and hexadecimal otherwise. */
    private static String text(Attributes attributes, Set<Integer> leftOut) {
        StringBuilder out = new StringBuilder();
        while (attributes.next()) {
            if (!leftOut.contains(attributes.type())) {
                byte[] value = attributes.bytes();
                out.append(' ')
                        .append(attributes.type())
                        .append('=')
                        .append(
                                readable(value)
                                        ? new String(value, 0, value.length - 1, StandardCharsets.US_ASCII)
                                        : hex(value));
            }
        }
        return out.toString();
    }

    private static boolean readable(byte[] value) {
        for (int i = 0; i < value.length - 1; i++) {
            if (value[i] < ' ' || value[i] > '~') {
                return false;
            }
        }
        return value.length > 2 && value[value.length - 1] == 0;
    }

    private static String hex(byte[] value) {
        return HexFormat.of().formatHex(value);
    }

    private void begin(int message, int family) {
        request.clear();
        sequence++;
        request.beginNetfilter(
                Netlink.type(Netlink.NF_TABLES, message),
                Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP,
                sequence,
                family,
                0);
    }

    private void run(Consumer<MessageReader> each) {
        if (new Dump(socket, buffer).run(request.written(), sequence, each) != Dump.End.COMPLETE) {
            throw new IllegalStateException("the tables changed during the dump");
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
