package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.fixture.ScriptedLibc;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Table;
import io.fairlead.nftables.listing.ListedText;
import io.fairlead.nftables.write.NetlinkWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Converts the messages of a transaction that creates tables to the messages of a dump of these tables. Both have the
 * same types and attributes. The only difference is that the kernel replaces the name of an anonymous set by a name
 * with a number.
 */
final class WrittenTable {
    private static final int HEADER = 16;
    private static final int GENERIC_HEADER = 4;
    private static final int ATTRIBUTE_HEADER = 4;
    /** The number of NFTA_LOOKUP_SET_ID and of NFTA_SET_ELEM_LIST_SET_ID. */
    private static final int SET_ID = 4;

    private static final String ANONYMOUS = "__set%d";

    /** The text of foreign sets and rules. */
    static final ForeignText TEXT = new ListedText(_ -> "");

    private final ByteBuffer bytes;

    private WrittenTable(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    /** Returns the messages of a dump after this transaction. */
    static byte[] dump(Transaction transaction) {
        ScriptedLibc libc = new ScriptedLibc();
        try (NetlinkWriter writer = NetlinkWriter.open(libc, NetworkNamespace.of(libc, ""))) {
            writer.apply(transaction);
        }
        WrittenTable written = new WrittenTable(libc.sent.getLast());
        written.nameSets();
        return written.bytes.array();
    }

    /** Reads the table of one family from the messages of a dump. */
    static Optional<ReadTable> read(byte[] dump, IpFamily family) {
        TableAssembly table = new TableAssembly(family, Table.NAME, TEXT);
        int number = family == IpFamily.IPV4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
        BiConsumer<Integer, Consumer<MessageReader>> pass = (type, each) -> {
            MessageReader reader = new MessageReader(ByteBuffer.wrap(dump));
            while (reader.next()) {
                if (reader.type() == (10 << 8 | type) && reader.family() == number) {
                    each.accept(reader);
                }
            }
        };
        pass.accept(NFT_MSG_NEWTABLE, table::table);
        pass.accept(NFT_MSG_NEWSET, table::set);
        List<String> wanted = table.setsWithElements();
        pass.accept(NFT_MSG_NEWSETELEM, message -> {
            if (!wanted.isEmpty()) {
                table.elements(message);
            }
        });
        pass.accept(NFT_MSG_NEWCHAIN, table::chain);
        pass.accept(NFT_MSG_NEWRULE, table::rule);
        return table.build();
    }

    /** Returns each message of one family. */
    static List<byte[]> messages(byte[] dump, IpFamily family) {
        List<byte[]> messages = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(dump).order(ByteOrder.nativeOrder());
        for (int at = 0; at < dump.length; at += aligned(bytes.getInt(at))) {
            if (bytes.get(at + HEADER) == (family == IpFamily.IPV4 ? NFPROTO_IPV4 : NFPROTO_IPV6)) {
                messages.add(Arrays.copyOfRange(dump, at, at + bytes.getInt(at)));
            }
        }
        return messages;
    }

    private void nameSets() {
        for (int at = 0; at < bytes.capacity(); at += aligned(bytes.getInt(at))) {
            int type = bytes.getShort(at + 4) & 0xffff;
            int from = at + HEADER + GENERIC_HEADER;
            int end = at + bytes.getInt(at);
            switch (type - (10 << 8)) {
                case NFT_MSG_NEWSET -> name(from, end, NFTA_SET_NAME, NFTA_SET_ID);
                case NFT_MSG_NEWSETELEM -> name(from, end, NFTA_SET_ELEM_LIST_SET, SET_ID);
                case NFT_MSG_NEWRULE -> nameInRule(from, end);
                default -> {}
            }
        }
    }

    private void nameInRule(int from, int end) {
        int list = find(from, end, NFTA_RULE_EXPRESSIONS);
        for (int at = list + ATTRIBUTE_HEADER; at < end(list); at += aligned(length(at))) {
            int data = find(at + ATTRIBUTE_HEADER, end(at), NFTA_EXPR_DATA);
            if (data >= 0) {
                name(data + ATTRIBUTE_HEADER, end(data), NFTA_LOOKUP_SET, SET_ID);
            }
        }
    }

    /**
     * Replaces the name of an anonymous set by a name that ends with two letters, which are made from the number of the
     * set.
     */
    private void name(int from, int end, int nameType, int idType) {
        int name = find(from, end, nameType);
        int id = find(from, end, idType);
        byte[] text = new byte[ANONYMOUS.length()];
        if (name >= 0 && id >= 0 && length(name) == ATTRIBUTE_HEADER + text.length + 1) {
            bytes.get(name + ATTRIBUTE_HEADER, text);
            if (new String(text, StandardCharsets.US_ASCII).equals(ANONYMOUS)) {
                int number = Integer.reverseBytes(bytes.getInt(id + ATTRIBUTE_HEADER));
                bytes.put(name + ATTRIBUTE_HEADER + 5, (byte) ('a' + number / 26));
                bytes.put(name + ATTRIBUTE_HEADER + 6, (byte) ('a' + number % 26));
            }
        }
    }

    private int find(int from, int end, int type) {
        for (int at = from; at < end; at += aligned(length(at))) {
            if ((bytes.getShort(at + 2) & 0x3fff) == type) {
                return at;
            }
        }
        return -1;
    }

    private int length(int attribute) {
        return bytes.getShort(attribute) & 0xffff;
    }

    private int end(int attribute) {
        return attribute + length(attribute);
    }

    private static int aligned(int length) {
        return length + 3 & ~3;
    }
}
