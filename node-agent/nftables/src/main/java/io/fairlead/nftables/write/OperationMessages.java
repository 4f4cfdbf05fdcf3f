package io.fairlead.nftables.write;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Hook;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Operation;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.Table;

/** Writes the operations of a transaction as netlink messages. */
final class OperationMessages {
    private final Frame frame;
    private final MessageWriter out;
    private final SetMessages sets;
    private final RuleMessages rules;

    OperationMessages(Frame frame) {
        this.frame = frame;
        this.out = frame.out();
        this.sets = new SetMessages(frame);
        this.rules = new RuleMessages(frame, sets);
    }

    /** Prepares for the operations of the next table. Call it for each table of each batch. */
    void beginTable() {
        sets.beginTable();
    }

    void write(Operation operation, IpFamily family) {
        frame.nextOperation();
        switch (operation) {
            case Operation.AddTable(Comment comment) -> addTable(comment, family);
            case Operation.DeleteTable _ -> {
                frame.begin(NFT_MSG_DELTABLE, 0, family);
                out.string(NFTA_TABLE_NAME, Table.NAME);
                out.end();
            }
            case Operation.AddChain(Chain chain) -> addChain(chain, family);
            case Operation.FlushChain(Chain chain) -> {
                frame.begin(NFT_MSG_DELRULE, 0, family);
                out.string(NFTA_RULE_TABLE, Table.NAME);
                out.string(NFTA_RULE_CHAIN, chain.name().text());
                out.end();
            }
            case Operation.DeleteChain(Chain chain) -> {
                frame.begin(NFT_MSG_DELCHAIN, 0, family);
                out.string(NFTA_CHAIN_TABLE, Table.NAME);
                out.string(NFTA_CHAIN_NAME, chain.name().text());
                out.end();
            }
            case Operation.AddRule(Chain chain, Rule rule) -> rules.add(chain, rule, family);
            case Operation.AddSet(NamedSet set) -> sets.declare(set, family);
            case Operation.ChangeTimeout(var _, NamedSet after) -> sets.declare(after, family);
            case Operation.DeleteSet(NamedSet set) -> sets.delete(set, family);
            case Operation.FlushSet(NamedSet set) -> sets.flush(set, family);
            case Operation.AddElements(NamedSet set, var elements) -> sets.add(set, elements, family);
            case Operation.DeleteElements(NamedSet set, var elements) -> sets.delete(set, elements, family);
            case Operation.DeleteOther(Table.OtherObject object) -> deleteOther(object, family);
        }
    }

    private void addTable(Comment comment, IpFamily family) {
        frame.begin(NFT_MSG_NEWTABLE, Netlink.NLM_F_CREATE, family);
        out.string(NFTA_TABLE_NAME, Table.NAME);
        out.u32(NFTA_TABLE_FLAGS, 0);
        UserData.comment(NFTA_TABLE_USERDATA, comment, out);
        out.end();
    }

    private void addChain(Chain chain, IpFamily family) {
        frame.begin(NFT_MSG_NEWCHAIN, Netlink.NLM_F_CREATE, family);
        out.string(NFTA_CHAIN_TABLE, Table.NAME);
        out.string(NFTA_CHAIN_NAME, chain.name().text());
        Hook hook = chain.hook();
        if (hook != null) {
            int start = out.nested(NFTA_CHAIN_HOOK);
            out.u32(NFTA_HOOK_HOOKNUM, number(hook.point()));
            out.u32(NFTA_HOOK_PRIORITY, hook.priority());
            out.close(start);
            out.u32(NFTA_CHAIN_POLICY, hook.accepts() ? NF_ACCEPT : NF_DROP);
            out.string(NFTA_CHAIN_TYPE, type(hook.type()));
        }
        UserData.comment(NFTA_CHAIN_USERDATA, chain.comment(), out);
        out.end();
    }

    /** Returns the kernel's number NF_INET_* of a hook. */
    private static int number(Hook.Point point) {
        return switch (point) {
            case PREROUTING -> 0;
            case INPUT -> 1;
            case FORWARD -> 2;
            case OUTPUT -> 3;
            case POSTROUTING -> 4;
        };
    }

    private static String type(Hook.Type type) {
        return switch (type) {
            case FILTER -> "filter";
            case NAT -> "nat";
            case ROUTE -> "route";
        };
    }

    private void deleteOther(Table.OtherObject object, IpFamily family) {
        if (object.kind().equals("flowtable")) {
            frame.begin(NFT_MSG_DELFLOWTABLE, 0, family);
            out.string(NFTA_FLOWTABLE_TABLE, Table.NAME);
            out.string(NFTA_FLOWTABLE_NAME, object.name().text());
        } else {
            int type = objectType(object.kind());
            frame.begin(NFT_MSG_DELOBJ, 0, family);
            out.string(NFTA_OBJ_TABLE, Table.NAME);
            out.string(NFTA_OBJ_NAME, object.name().text());
            out.u32(NFTA_OBJ_TYPE, type);
        }
        out.end();
    }

    /** Returns the kernel's number for a type of objects, which is named as in nft's listings. */
    private static int objectType(String kind) {
        return switch (kind) {
            case "counter" -> NFT_OBJECT_COUNTER;
            case "quota" -> NFT_OBJECT_QUOTA;
            case "ct helper" -> NFT_OBJECT_CT_HELPER;
            case "limit" -> NFT_OBJECT_LIMIT;
            case "tunnel" -> NFT_OBJECT_TUNNEL;
            case "ct timeout" -> NFT_OBJECT_CT_TIMEOUT;
            case "secmark" -> NFT_OBJECT_SECMARK;
            case "ct expectation" -> NFT_OBJECT_CT_EXPECT;
            case "synproxy" -> NFT_OBJECT_SYNPROXY;
            default -> throw new IllegalArgumentException("no object of nf_tables: " + kind);
        };
    }
}
