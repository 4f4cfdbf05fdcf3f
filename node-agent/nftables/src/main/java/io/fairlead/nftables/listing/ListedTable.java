package io.fairlead.nftables.listing;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.nft.rule.Table;
import io.fairlead.nftables.read.KnownSets;
import io.fairlead.nftables.read.RawSet;
import io.fairlead.nftables.read.UserDataReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A table of any program. */
final class ListedTable {
    private static final int NFTA_TABLE_HANDLE = 4;
    private static final int ARP = 3;
    private static final String[] FLAGS = {"dormant", "owner", "persist"};

    private final int family;
    private final String name;
    private final Words words;
    private final Tally tally;
    private final Map<String, ListedSet> sets = new LinkedHashMap<>();
    private final Map<String, ListedChain> chains = new LinkedHashMap<>();
    private final List<String> objects = new ArrayList<>();
    private final RuleTable ofRules;
    private int flags;
    private long handle;
    private String comment = "";

    ListedTable(int family, String name, MessageReader message, Words words, Tally tally) {
        this.family = family;
        this.name = name;
        this.words = words;
        this.tally = tally;
        this.ofRules = new RuleTable(network(family), true, sets::get);
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_TABLE_FLAGS -> flags = attributes.u32();
                case NFTA_TABLE_HANDLE -> handle = attributes.u64();
                case NFTA_TABLE_USERDATA -> comment = UserDataReader.text(attributes.bytes(), UserDataReader.COMMENT);
                default -> {}
            }
        }
    }

    int family() {
        return family;
    }

    String name() {
        return name;
    }

    /** Returns the EtherType of all packets that the table sees; 0 if they have several. */
    private static int network(int family) {
        return switch (family) {
            case NFPROTO_IPV4 -> Headers.IPV4;
            case NFPROTO_IPV6 -> Headers.IPV6;
            case ARP -> Headers.ARP;
            default -> 0;
        };
    }

    Set<String> setNames() {
        return sets.keySet();
    }

    /** Adds elements of a set from a message NFT_MSG_NEWSETELEM. */
    void addElements(String set, MessageReader message) {
        ListedSet found = sets.get(set);
        if (found != null) {
            found.add(message);
        }
    }

    void addSet(MessageReader message) {
        RawSet set = RawSet.read(message, name);
        if (set != null) {
            sets.put(set.name(), new ListedSet(set, declaration(set)));
        }
    }

    /** Returns the lines that declare a set, if Fairlead declares it; an empty list for other sets. */
    private List<String> declaration(RawSet set) {
        return !name.equals(Table.NAME)
                ? List.of()
                : switch (family) {
                    case NFPROTO_IPV4 -> KnownSets.declaration(set, IpFamily.IPV4);
                    case NFPROTO_IPV6 -> KnownSets.declaration(set, IpFamily.IPV6);
                    default -> List.of();
                };
    }

    void addObject(MessageReader message) {
        int type = 0;
        String object = "";
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_OBJ_NAME -> object = attributes.string();
                case NFTA_OBJ_TYPE -> type = attributes.u32();
                default -> {}
            }
        }
        objects.add(ObjectTexts.kind(type, tally) + " " + Words.name(object));
    }

    void addFlowtable(MessageReader message) {
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            if (attributes.type() == NFTA_FLOWTABLE_NAME) {
                objects.add("flowtable " + Words.name(attributes.string()));
            }
        }
    }

    void addChain(MessageReader message) {
        ListedChain chain = new ListedChain(message);
        chains.put(chain.name(), chain);
    }

    /** Adds the next rule of a chain from a message NFT_MSG_NEWRULE. */
    void addRule(MessageReader message) {
        ListedChain chain = null;
        long number = 0;
        String text = "";
        String note = "";
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_RULE_CHAIN -> chain = chains.get(attributes.string());
                case NFTA_RULE_HANDLE -> number = attributes.u64();
                case NFTA_RULE_EXPRESSIONS -> text = RuleWriter.write(attributes.nested(), ofRules, words, tally);
                case NFTA_RULE_USERDATA -> note = UserDataReader.text(attributes.bytes(), UserDataReader.COMMENT);
                default -> {}
            }
        }
        if (chain != null) {
            String after = note.isEmpty() ? "" : (text.isEmpty() ? "" : " ") + "comment " + Words.quoted(note);
            chain.add(text + after + " # handle " + number);
        }
    }

    void write(String familyName, StringBuilder out) {
        out.append("table ").append(familyName).append(' ').append(Words.name(name));
        out.append(" { # handle ").append(handle).append('\n');
        if (!comment.isEmpty()) {
            out.append("\tcomment ").append(Words.quoted(comment)).append('\n');
        }
        List<String> set = new ArrayList<>();
        for (int i = 0; i < FLAGS.length; i++) {
            if ((flags & 1 << i) != 0) {
                set.add(FLAGS[i]);
            }
        }
        if (!set.isEmpty()) {
            out.append("\tflags ").append(String.join(",", set)).append('\n');
        }
        objects.forEach(object -> out.append('\t').append(object).append(" {\n\t}\n"));
        sets.values().stream().filter(each -> !each.raw().isAnonymous()).forEach(each -> each.write(words, tally, out));
        chains.values().forEach(chain -> chain.write(family, tally, out));
        out.append("}\n");
    }
}
