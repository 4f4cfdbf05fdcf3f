package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Hook;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds one chain from the messages of the kernel. */
final class ChainAssembly {
    private static final int NFTA_HOOK_DEV = 3;
    private static final int NFTA_HOOK_DEVS = 4;
    private static final int NFTA_CHAIN_FLAGS = 10;
    /** The flag of a chain that belongs to the rule that jumps to it. The kernel deletes the chain with the rule. */
    private static final int NFT_CHAIN_BINDING = 4;

    private final String name;
    private final IpFamily family;
    private final @Nullable Hook hook;
    private final Comment comment;
    private final boolean ofRule;
    private final List<Rule> rules = new ArrayList<>();

    private ChainAssembly(String name, IpFamily family, Parts parts) {
        this.name = name;
        this.family = family;
        this.comment = parts.comment;
        this.ofRule = (parts.flags & NFT_CHAIN_BINDING) != 0;
        if (!parts.isBase) {
            this.hook = null;
        } else {
            this.hook = parts.hook();
            if (parts.unknownHook()) {
                // Fairlead does not write such a hook. The foreign rule makes the chain differ from every chain that
                // Fairlead writes.
                rules.add(Rule.of(new Statement.ForeignRule("type " + parts.type + " hook " + parts.point
                        + (parts.hasDevice ? " device" : "") + " priority " + parts.priority)));
            }
        }
    }

    private static final class Parts {
        private boolean isBase;
        private int point = -1;
        private int priority;
        private boolean hasDevice;
        private int policy = NF_ACCEPT;
        private int flags;
        private String type = "";
        private Comment comment = Comment.NONE;

        void hook(Attributes attributes) {
            isBase = true;
            while (attributes.next()) {
                switch (attributes.type()) {
                    case NFTA_HOOK_HOOKNUM -> point = attributes.u32();
                    case NFTA_HOOK_PRIORITY -> priority = attributes.u32();
                    case NFTA_HOOK_DEV, NFTA_HOOK_DEVS -> hasDevice = true;
                    default -> {}
                }
            }
        }

        private Hook.@Nullable Type type() {
            return switch (type) {
                case "filter" -> Hook.Type.FILTER;
                case "nat" -> Hook.Type.NAT;
                case "route" -> Hook.Type.ROUTE;
                default -> null;
            };
        }

        /** Returns the hook for its number NF_INET_*; null if the number is unknown. */
        private Hook.@Nullable Point point() {
            return switch (point) {
                case 0 -> Hook.Point.PREROUTING;
                case 1 -> Hook.Point.INPUT;
                case 2 -> Hook.Point.FORWARD;
                case 3 -> Hook.Point.OUTPUT;
                case 4 -> Hook.Point.POSTROUTING;
                default -> null;
            };
        }

        boolean unknownHook() {
            return type() == null || point() == null || hasDevice;
        }

        Hook hook() {
            Hook.Type known = type();
            Hook.Point at = point();
            return known == null || at == null || hasDevice
                    ? new Hook(Hook.Type.FILTER, Hook.Point.PREROUTING, Integer.MAX_VALUE)
                    : new Hook(known, at, priority, policy != NF_DROP);
        }
    }

    /** Returns a chain without a hook and without rules. */
    static ChainAssembly empty(String name, IpFamily family) {
        return new ChainAssembly(name, family, new Parts());
    }

    /** Reads a message NFT_MSG_NEWCHAIN. Returns null if the chain is in another table. */
    static @Nullable ChainAssembly read(MessageReader message, String table, IpFamily family) {
        Parts parts = new Parts();
        String name = "";
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_CHAIN_TABLE -> {
                    if (!attributes.isString(table)) {
                        return null;
                    }
                }
                case NFTA_CHAIN_NAME -> name = attributes.string();
                case NFTA_CHAIN_HOOK -> parts.hook(attributes.nested());
                case NFTA_CHAIN_POLICY -> parts.policy = attributes.u32();
                case NFTA_CHAIN_TYPE -> parts.type = attributes.string();
                case NFTA_CHAIN_FLAGS -> parts.flags = attributes.u32();
                case NFTA_CHAIN_USERDATA ->
                    parts.comment =
                            UserDataReader.comment(UserDataReader.pieces(attributes.bytes()), UserDataReader.COMMENT);
                default -> {}
            }
        }
        return new ChainAssembly(name, family, parts);
    }

    String name() {
        return name;
    }

    /** Returns whether the chain belongs to a rule. nft lists the content of such a chain inside the rule. */
    boolean isOfRule() {
        return ofRule;
    }

    /** Adds the next rule from its message NFT_MSG_NEWRULE. */
    void add(MessageReader message, Map<String, RawSet> sets, ForeignText text) {
        String stored = comment(message);
        Comment ofRule = Comment.nearest(stored);
        if (ofRule.text().equals(stored)) {
            try {
                rules.add(
                        new Rule(StatementReader.read(RuleDecoder.decode(expressions(message), sets), family), ofRule));
                return;
            } catch (IllegalArgumentException _) {
                // Fairlead does not write such a rule.
            }
        }
        String foreign = text.rule(expressions(message), family, sets);
        String after = ofRule.isEmpty() ? "" : (foreign.isEmpty() ? "" : " ") + "comment \"" + ofRule + '"';
        rules.add(Rule.of(new Statement.ForeignRule(foreign + after)));
    }

    private static String comment(MessageReader message) {
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            if (attributes.type() == NFTA_RULE_USERDATA) {
                return UserDataReader.text(attributes.bytes(), UserDataReader.COMMENT);
            }
        }
        return "";
    }

    /** Returns the attributes that are nested in NFTA_RULE_EXPRESSIONS; no attributes if it is missing. */
    private static Attributes expressions(MessageReader message) {
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            if (attributes.type() == NFTA_RULE_EXPRESSIONS) {
                return attributes.nested();
            }
        }
        return attributes;
    }

    /**
     * Returns the chain.
     *
     * @throws IllegalArgumentException if the name is not a valid chain name
     */
    Chain build() {
        return new Chain(new ChainName(name), hook, comment, rules);
    }
}
