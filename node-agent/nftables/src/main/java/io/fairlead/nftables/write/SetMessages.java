package io.fairlead.nftables.write;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes messages that declare sets and maps and change their elements. */
final class SetMessages {
    /** The name of every anonymous set. The kernel replaces "%d" with a number. */
    static final String ANONYMOUS = "__set%d";

    /**
     * The length in bytes at which a message with elements is ended and the next one begun. An attribute can have
     * 65,535 bytes. An element has fewer than 1,024 bytes: two addresses, a comment of 128 bytes and a chain name of
     * 256 bytes.
     */
    private static final int LONGEST = 64_000;

    private static final int MILLISECONDS = 1_000;

    private final Frame frame;
    private final MessageWriter out;
    /** The sets that this batch declared or flushed, and to which it has added no elements yet. */
    private final Set<SetName> empty = new HashSet<>();

    SetMessages(Frame frame) {
        this.frame = frame;
        this.out = frame.out();
    }

    /** Prepares for the operations of the next table. Call it for each table of each batch. */
    void beginTable() {
        empty.clear();
    }

    void declare(NamedSet set, IpFamily family) {
        SetLayout layout = SetLayout.of(set.type(), family);
        empty.add(set.name());
        beginSet(set.name().text(), layout.flags(), layout.key(), family);
        if (layout.verdicts()) {
            out.u32(NFTA_SET_DATA_TYPE, NFT_DATA_VERDICT);
        }
        if (layout.data() != null) {
            out.u32(NFTA_SET_DATA_TYPE, layout.data().number());
            out.u32(NFTA_SET_DATA_LEN, layout.data().length());
        }
        size(layout.size());
        if (layout.timeoutSeconds() > 0) {
            out.u64(NFTA_SET_TIMEOUT, (long) layout.timeoutSeconds() * MILLISECONDS);
        }
        int userData = out.attribute(NFTA_SET_USERDATA);
        UserData.putNumber(UserData.SET_KEY_BYTE_ORDER, layout.key().byteOrder(), out);
        if (set.type().isMap()) {
            UserData.putNumber(
                    UserData.SET_DATA_BYTE_ORDER,
                    layout.data() == null
                            ? UserData.NO_BYTE_ORDER
                            : layout.data().byteOrder(),
                    out);
        }
        if (layout.keySource() != null) {
            layout.keySource().put(UserData.SET_KEY_TYPEOF, out);
        }
        if (layout.dataSource() != null) {
            layout.dataSource().put(UserData.SET_DATA_TYPEOF, out);
        }
        if (set.type().isMap()) {
            UserData.putNumber(UserData.SET_DATA_INTERVAL, 0, out);
        }
        if (!set.comment().isEmpty()) {
            UserData.putComment(UserData.SET_COMMENT, set.comment(), out);
        }
        out.close(userData);
        out.end();
    }

    /** Declares an anonymous set of protocols for a rule. Returns the number of the set. */
    int protocols(List<Protocol> protocols, IpFamily family) {
        int id = declareAnonymous(DataType.PROTOCOL, Source.protocol(), 0, protocols.size(), family);
        int list = beginAnonymousElements(id, family);
        for (Protocol protocol : protocols) {
            int element = out.nested(NFTA_LIST_ELEM);
            int key = out.nested(NFTA_SET_ELEM_KEY);
            int value = out.attribute(NFTA_DATA_VALUE);
            out.put8(protocol.number());
            out.close(value);
            out.close(key);
            out.close(element);
        }
        out.close(list);
        out.end();
        return id;
    }

    /**
     * Declares an anonymous set of addresses for a rule; the set has ranges if a prefix is not a single address.
     * Returns the number of the set.
     */
    int prefixes(List<Cidr> prefixes, Source source, IpFamily family) {
        boolean hosts = prefixes.stream().allMatch(cidr -> cidr.prefixLength() == family.bits());
        List<ElementKey.Range> ranges = ElementKey.Range.join(
                prefixes.stream().map(ElementKey.Range::of).toList());
        int id;
        int list;
        if (hosts) {
            List<Ip> addresses = prefixes.stream().map(Cidr::network).distinct().toList();
            id = declareAnonymous(DataType.address(family), source, 0, addresses.size(), family);
            list = beginAnonymousElements(id, family);
            addresses.forEach(ip -> ElementWriter.writeKey(new ElementKey.Address(ip), out));
        } else {
            // Each range has two elements. One more element at address 0 precedes the first range.
            id = declareAnonymous(DataType.address(family), source, NFT_SET_INTERVAL, 2 * ranges.size() + 1, family);
            list = beginAnonymousElements(id, family);
            ElementWriter.writeBeginning(ranges.getFirst(), out);
            ranges.forEach(range -> ElementWriter.write(Element.of(range), out));
        }
        out.close(list);
        out.end();
        return id;
    }

    private int declareAnonymous(DataType key, Source source, int flags, int size, IpFamily family) {
        int id = beginSet(ANONYMOUS, NFT_SET_ANONYMOUS | NFT_SET_CONSTANT | flags, key, family);
        size(size);
        int userData = out.attribute(NFTA_SET_USERDATA);
        UserData.putNumber(UserData.SET_KEY_BYTE_ORDER, key.byteOrder(), out);
        if ((flags & NFT_SET_INTERVAL) != 0) {
            UserData.putNumber(UserData.SET_MERGE_ELEMENTS, 1, out);
        }
        source.put(UserData.SET_KEY_TYPEOF, out);
        out.close(userData);
        out.end();
        return id;
    }

    private int beginSet(String name, int flags, DataType key, IpFamily family) {
        int id = frame.nextSet();
        frame.begin(NFT_MSG_NEWSET, Netlink.NLM_F_CREATE, family);
        out.string(NFTA_SET_TABLE, Table.NAME);
        out.string(NFTA_SET_NAME, name);
        out.u32(NFTA_SET_FLAGS, flags);
        out.u32(NFTA_SET_KEY_TYPE, key.number());
        out.u32(NFTA_SET_KEY_LEN, key.length());
        out.u32(NFTA_SET_ID, id);
        return id;
    }

    private void size(int size) {
        if (size > 0) {
            int description = out.nested(NFTA_SET_DESC);
            out.u32(NFTA_SET_DESC_SIZE, size);
            out.close(description);
        }
    }

    void delete(NamedSet set, IpFamily family) {
        frame.begin(NFT_MSG_DELSET, 0, family);
        out.string(NFTA_SET_TABLE, Table.NAME);
        out.string(NFTA_SET_NAME, set.name().text());
        out.end();
    }

    /** Deletes all elements of a set. */
    void flush(NamedSet set, IpFamily family) {
        frame.begin(NFT_MSG_DELSETELEM, 0, family);
        out.string(NFTA_SET_ELEM_LIST_TABLE, Table.NAME);
        out.string(NFTA_SET_ELEM_LIST_SET, set.name().text());
        out.end();
        empty.add(set.name());
    }

    void add(NamedSet set, List<Element> elements, IpFamily family) {
        boolean first = empty.remove(set.name());
        int next = 0;
        while (next < elements.size()) {
            int start = out.size();
            int list = beginElements(NFT_MSG_NEWSETELEM, Netlink.NLM_F_CREATE, set, family, next);
            if (first && elements.getFirst().key() instanceof ElementKey.Range) {
                ElementWriter.writeBeginning(lowest(elements), out);
            }
            first = false;
            while (next < elements.size() && out.size() - start < LONGEST) {
                ElementWriter.write(elements.get(next), out);
                next++;
            }
            out.close(list);
            out.end();
        }
    }

    void delete(NamedSet set, List<Element> elements, IpFamily family) {
        int next = 0;
        while (next < elements.size()) {
            int start = out.size();
            int list = beginElements(NFT_MSG_DELSETELEM, 0, set, family, next);
            while (next < elements.size() && out.size() - start < LONGEST) {
                ElementWriter.writeKey(elements.get(next).key(), out);
                next++;
            }
            out.close(list);
            out.end();
        }
    }

    private static ElementKey.Range lowest(List<Element> ranges) {
        Element lowest = ranges.getFirst();
        for (Element range : ranges) {
            lowest = range.key().compareTo(lowest.key()) < 0 ? range : lowest;
        }
        return (ElementKey.Range) lowest.key();
    }

    private int beginElements(int message, int flags, NamedSet set, IpFamily family, int element) {
        frame.begin(message, flags, family, element);
        out.string(NFTA_SET_ELEM_LIST_TABLE, Table.NAME);
        out.string(NFTA_SET_ELEM_LIST_SET, set.name().text());
        return out.nested(NFTA_SET_ELEM_LIST_ELEMENTS);
    }

    private int beginAnonymousElements(int id, IpFamily family) {
        frame.begin(NFT_MSG_NEWSETELEM, Netlink.NLM_F_CREATE, family);
        out.string(NFTA_SET_ELEM_LIST_TABLE, Table.NAME);
        out.string(NFTA_SET_ELEM_LIST_SET, ANONYMOUS);
        out.u32(NFTA_SET_ELEM_LIST_SET_ID, id);
        return out.nested(NFTA_SET_ELEM_LIST_ELEMENTS);
    }
}
