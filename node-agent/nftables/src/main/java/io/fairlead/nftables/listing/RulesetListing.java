package io.fairlead.nftables.listing;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MessageReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Builds the listing of all tables from the messages of the kernel. The messages must arrive in this order: tables,
 * sets, objects, flowtables, elements of sets, chains, rules. The class does no input or output.
 */
public final class RulesetListing {
    private static final Map<Integer, String> FAMILIES =
            Map.of(1, "inet", NFPROTO_IPV4, "ip", 3, "arp", 5, "netdev", 7, "bridge", NFPROTO_IPV6, "ip6");
    /** The number of the attribute with the table's name, which is the same in all messages. */
    private static final int TABLE = 1;

    private final Tally tally = new Tally();
    private final Words words;
    private final Map<Key, ListedTable> tables = new LinkedHashMap<>();

    private record Key(int family, String table) {}

    /** A set whose elements must be read. */
    public record SetOf(int family, String table, String set) {}

    /**
     * Creates an empty listing.
     *
     * @param interfaces returns the name of the interface with an index; "" if there is none
     */
    public RulesetListing(IntFunction<String> interfaces) {
        this.words = new Words(interfaces);
    }

    /** Adds a table from a message NFT_MSG_NEWTABLE. A table of an unknown family is only counted. */
    public void table(MessageReader message) {
        int family = message.family();
        String name = name(message);
        if (FAMILIES.containsKey(family)) {
            tables.put(new Key(family, name), new ListedTable(family, name, message, words, tally));
        } else {
            tally.unknown("family-" + family);
        }
    }

    /** Adds a set or map from a message NFT_MSG_NEWSET. */
    public void set(MessageReader message) {
        with(message, table -> table.addSet(message));
    }

    /** Adds an object from a message NFT_MSG_NEWOBJ. */
    public void object(MessageReader message) {
        with(message, table -> table.addObject(message));
    }

    /** Adds a flowtable from a message NFT_MSG_NEWFLOWTABLE. */
    public void flowtable(MessageReader message) {
        with(message, table -> table.addFlowtable(message));
    }

    /** Adds a chain from a message NFT_MSG_NEWCHAIN. */
    public void chain(MessageReader message) {
        with(message, table -> table.addChain(message));
    }

    /** Adds the next rule of its chain from a message NFT_MSG_NEWRULE. */
    public void rule(MessageReader message) {
        with(message, table -> table.addRule(message));
    }

    /** Returns all sets and maps. The elements of each must be read. */
    public List<SetOf> sets() {
        List<SetOf> sets = new ArrayList<>();
        tables.forEach((key, table) ->
                table.setNames().forEach(set -> sets.add(new SetOf(key.family(), key.table(), set))));
        return sets;
    }

    /** Adds elements from a message NFT_MSG_NEWSETELEM. */
    public void elements(SetOf of, MessageReader message) {
        ListedTable table = tables.get(new Key(of.family(), of.table()));
        if (table != null) {
            table.addElements(of.set(), message);
        }
    }

    private void with(MessageReader message, Consumer<ListedTable> action) {
        ListedTable table = tables.get(new Key(message.family(), name(message)));
        if (table != null) {
            action.accept(table);
        }
    }

    private static String name(MessageReader message) {
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            if (attributes.type() == TABLE) {
                return attributes.string();
            }
        }
        return "";
    }

    /** Returns the listing. */
    public String text() {
        StringBuilder out = new StringBuilder(1 << 16);
        for (ListedTable table : tables.values()) {
            table.write(FAMILIES.getOrDefault(table.family(), ""), out);
        }
        return out.toString();
    }

    /**
     * Returns the number of occurrences of each part that is not understood, by the kernel's name of this part. Call
     * {@link #text} first.
     */
    public SortedMap<String, Integer> notUnderstood() {
        return tally.counts();
    }
}
