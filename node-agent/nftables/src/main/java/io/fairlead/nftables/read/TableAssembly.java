package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MalformedMessageException;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.Origins;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds one table from the messages of the kernel. The messages must arrive in this order: the table, sets, elements
 * of sets, chains, rules. The class does no input or output. Objects with a name that nft cannot express are left out:
 * Fairlead never creates them, and cannot name them in a change.
 */
final class TableAssembly {
    private final IpFamily family;
    private final String name;
    private final ForeignText text;
    private final Map<String, SetAssembly> sets = new LinkedHashMap<>();
    private final Map<String, ChainAssembly> chains = new LinkedHashMap<>();
    private final List<Table.OtherObject> others = new ArrayList<>();
    private final Map<String, RawSet> ofRules = new LinkedHashMap<>();
    private boolean exists;
    private Comment comment = Comment.NONE;

    TableAssembly(IpFamily family, String name, ForeignText text) {
        this.family = family;
        this.name = name;
        this.text = text;
    }

    /** Reads a message NFT_MSG_NEWTABLE. */
    void table(MessageReader message) {
        int flags = 0;
        Comment ofTable = Comment.NONE;
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_TABLE_NAME -> {
                    if (!attributes.isString(name)) {
                        return;
                    }
                }
                case NFTA_TABLE_FLAGS -> flags = attributes.u32();
                case NFTA_TABLE_USERDATA ->
                    ofTable = UserDataReader.comment(UserDataReader.pieces(attributes.bytes()), UserDataReader.COMMENT);
                default -> {}
            }
        }
        exists = true;
        comment = ofTable;
        if (flags != 0) {
            others.add(new Table.OtherObject("flags", new SetName(flags(flags))));
        }
    }

    private static String flags(int flags) {
        String[] words = {"dormant", "owner", "persist"};
        StringBuilder text = new StringBuilder("flags");
        for (int i = 0; i < words.length; i++) {
            if ((flags & 1 << i) != 0) {
                text.append('_').append(words[i]);
            }
        }
        return text.toString();
    }

    boolean exists() {
        return exists;
    }

    /** Adds a set or map from a message NFT_MSG_NEWSET. */
    void set(MessageReader message) {
        RawSet set = RawSet.read(message, name);
        if (set != null && sets.put(set.name(), new SetAssembly(set, family, text)) != null) {
            throw new MalformedMessageException("duplicate set " + set.name());
        }
    }

    /** Returns the names of the sets whose elements must be read. */
    List<String> setsWithElements() {
        return sets.values().stream()
                .filter(SetAssembly::wantsElements)
                .map(set -> set.raw().name())
                .toList();
    }

    /** Adds elements of a set from a message NFT_MSG_NEWSETELEM. */
    void elements(MessageReader message) {
        SetAssembly set = null;
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            if (attributes.type() == NFTA_SET_ELEM_LIST_SET) {
                set = sets.get(attributes.string());
            } else if (attributes.type() == NFTA_SET_ELEM_LIST_ELEMENTS && set != null) {
                Attributes elements = attributes.nested();
                while (elements.next()) {
                    if (elements.type() == NFTA_LIST_ELEM) {
                        set.add(elements.nested());
                    }
                }
            }
        }
    }

    /** Adds a stateful object, for example a counter, from a message NFT_MSG_NEWOBJ. */
    void object(MessageReader message) {
        int type = 0;
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            if (attributes.type() == NFTA_OBJ_TYPE) {
                type = attributes.u32();
            }
        }
        other(kind(type), message);
    }

    /** Adds a flowtable from a message NFT_MSG_NEWFLOWTABLE. */
    void flowtable(MessageReader message) {
        other("flowtable", message);
    }

    /** Returns nft's word for a type of stateful objects; "" if the type is unknown. */
    private static String kind(int type) {
        return switch (type) {
            case NFT_OBJECT_COUNTER -> "counter";
            case NFT_OBJECT_QUOTA -> "quota";
            case NFT_OBJECT_CT_HELPER -> "ct helper";
            case NFT_OBJECT_LIMIT -> "limit";
            case NFT_OBJECT_TUNNEL -> "tunnel";
            case NFT_OBJECT_CT_TIMEOUT -> "ct timeout";
            case NFT_OBJECT_SECMARK -> "secmark";
            case NFT_OBJECT_CT_EXPECT -> "ct expectation";
            case NFT_OBJECT_SYNPROXY -> "synproxy";
            default -> "";
        };
    }

    /**
     * Adds an object or flowtable. The attributes for the names of table and object have the same numbers in both
     * messages.
     */
    private void other(String kind, MessageReader message) {
        Attributes attributes = message.netfilterAttributes();
        boolean ofTable = false;
        String of = "";
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_OBJ_TABLE -> ofTable = attributes.isString(name);
                case NFTA_OBJ_NAME -> of = attributes.string();
                default -> {}
            }
        }
        if (ofTable && !kind.isEmpty()) {
            try {
                others.add(new Table.OtherObject(kind, new SetName(of)));
            } catch (IllegalArgumentException _) {
                // nft cannot express the name, so the object is left out.
            }
        }
    }

    /** Adds a chain from a message NFT_MSG_NEWCHAIN. */
    void chain(MessageReader message) {
        ChainAssembly chain = ChainAssembly.read(message, name, family);
        if (chain != null && chains.put(chain.name(), chain) != null) {
            throw new MalformedMessageException("duplicate chain " + chain.name());
        }
    }

    /** Adds the next rule of a chain from a message NFT_MSG_NEWRULE. */
    void rule(MessageReader message) {
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            if (attributes.type() == NFTA_RULE_TABLE && !attributes.isString(name)) {
                return;
            }
            if (attributes.type() == NFTA_RULE_CHAIN) {
                ChainAssembly chain = chains.get(attributes.string());
                if (chain != null) {
                    chain.add(message, rawSets(), text);
                }
                return;
            }
        }
    }

    private Map<String, RawSet> rawSets() {
        if (ofRules.size() != sets.size()) {
            sets.forEach((of, set) -> ofRules.put(of, set.raw().isAnonymous() ? set.ofRule() : set.raw()));
        }
        return ofRules;
    }

    /** Returns the table; empty if the table does not exist. */
    Optional<ReadTable> build() {
        if (!exists) {
            return Optional.empty();
        }
        List<NamedSet> named = new ArrayList<>();
        Map<SetName, Integer> clients = new LinkedHashMap<>();
        for (SetAssembly set : sets.values()) {
            if (set.raw().isAnonymous()) {
                continue;
            }
            try {
                NamedSet built = set.build();
                named.add(built);
                if (set.isAffinity()) {
                    clients.put(built.name(), set.count());
                }
            } catch (IllegalArgumentException _) {
                // nft cannot express the name, so the object is left out.
            }
        }
        List<Chain> built = new ArrayList<>();
        for (ChainAssembly chain : chains.values()) {
            if (!chain.isOfRule()) {
                try {
                    built.add(chain.build());
                } catch (IllegalArgumentException _) {
                    // nft cannot express the name, so the object is left out.
                }
            }
        }
        return Optional.of(new ReadTable(Origins.assigned(Table.of(family, comment, named, built, others)), clients));
    }
}
