package io.fairlead.agent.xtables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.kernel.RawTables.RawRule;
import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes and parses the netlink messages that list the content of an nf_tables table (linux/netfilter/nf_tables.h;
 * unchanged since kernel 4.9).
 */
final class TableDump {
    static final int GET_CHAIN = 4;
    static final int GET_RULE = 7;
    static final int GET_SET = 10;
    static final int GET_ELEMENTS = 13;

    /**
     * NFTA_CHAIN_TABLE, NFTA_RULE_TABLE, NFTA_SET_TABLE and NFTA_SET_ELEM_LIST_TABLE: the attribute with the table's
     * name.
     */
    static final int TABLE = 1;
    /** NFTA_RULE_CHAIN and NFTA_SET_ELEM_LIST_SET: the attribute with the name of the chain or set. */
    static final int CHAIN_OR_SET = 2;

    private static final int CHAIN_NAME = 3;
    private static final int RULE_EXPRESSIONS = 4;
    private static final int RULE_USER_DATA = 7;
    private static final int LIST_ELEMENT = 1;
    private static final int EXPRESSION_NAME = 1;
    private static final int EXPRESSION_DATA = 2;
    private static final int IMMEDIATE_DATA = 2;
    private static final int DATA_VERDICT = 2;
    private static final int VERDICT_CHAIN = 2;
    private static final int MATCH_NAME = 1;
    private static final int MATCH_INFO = 3;
    private static final int LOOKUP_SET = 1;
    private static final int SET_NAME = 2;
    private static final int SET_DATA_TYPE = 6;
    private static final int ELEMENTS = 3;
    private static final int ELEMENT_DATA = 2;
    /** NFT_DATA_VERDICT: the type of maps whose values are verdicts. */
    private static final int VERDICTS = 0xffff_ff00;

    private TableDump() {}

    /**
     * Writes a request for objects of one kind.
     *
     * @param values the attributes that select the objects, by attribute type
     */
    static void request(MessageWriter out, int kind, IpFamily family, int sequence, Map<Integer, String> values) {
        out.beginNetfilter(
                Netlink.type(Netlink.NF_TABLES, kind),
                Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP,
                sequence,
                number(family),
                0);
        new TreeMap<>(values).forEach(out::string);
        out.end();
    }

    private static int number(IpFamily family) {
        return switch (family) {
            case IPV4 -> 2;
            case IPV6 -> 10;
        };
    }

    /** Returns the name of the chain in a message; empty if the chain is in another table. */
    static Optional<String> chain(MessageReader message, String table) {
        String of = "";
        String name = "";
        Attributes chain = message.netfilterAttributes();
        while (chain.next()) {
            switch (chain.type()) {
                case TABLE -> of = chain.string();
                case CHAIN_NAME -> name = chain.string();
                default -> {}
            }
        }
        return of.equals(table) ? Optional.of(name) : Optional.empty();
    }

    /**
     * Parses the parts of a rule that matter for references to Fairlead's chains and sets: the target, the comment and
     * the names of sets.
     */
    static RawRule rule(MessageReader message) {
        String target = "";
        String comment = "";
        List<String> sets = new ArrayList<>();
        Attributes rule = message.netfilterAttributes();
        while (rule.next()) {
            if (rule.type() == RULE_USER_DATA) {
                comment = comment(rule);
            } else if (rule.type() == RULE_EXPRESSIONS) {
                Attributes list = rule.nested();
                while (list.next()) {
                    if (list.type() == LIST_ELEMENT) {
                        Expression expression = expression(list.nested());
                        target = expression.target.isEmpty() ? target : expression.target;
                        comment = expression.comment.isEmpty() ? comment : expression.comment;
                        sets.addAll(expression.sets);
                    }
                }
            }
        }
        return new RawRule(target, comment, sets);
    }

    private record Expression(String target, String comment, List<String> sets) {
        static final Expression OTHER = new Expression("", "", List.of());
    }

    /** Parses an expression of a rule. The kernel sends the name of an expression before its data. */
    private static Expression expression(Attributes expression) {
        String name = "";
        while (expression.next()) {
            if (expression.type() == EXPRESSION_NAME) {
                name = expression.string();
            } else if (expression.type() == EXPRESSION_DATA) {
                Attributes data = expression.nested();
                return switch (name) {
                    case "immediate" -> new Expression(verdictChain(data, IMMEDIATE_DATA), "", List.of());
                    case "lookup" -> new Expression("", "", List.of(text(data, LOOKUP_SET)));
                    case "match" -> new Expression("", matchComment(data), List.of());
                    default -> Expression.OTHER;
                };
            }
        }
        return Expression.OTHER;
    }

    private static String matchComment(Attributes data) {
        String match = "";
        String info = "";
        while (data.next()) {
            switch (data.type()) {
                case MATCH_NAME -> match = data.string();
                case MATCH_INFO -> info = data.string();
                default -> {}
            }
        }
        return match.equals("comment") ? info : "";
    }

    /**
     * Returns the comment in the user data that nft writes. User data is a sequence of parts with a type, a length and
     * a value.
     */
    private static String comment(Attributes userData) {
        int at = 0;
        while (at + 2 <= userData.length()) {
            int size = userData.u8(at + 1);
            if (at + 2 + size > userData.length()) {
                break;
            }
            if (userData.u8(at) == 0) {
                String text = new String(userData.bytes(), at + 2, size, StandardCharsets.UTF_8);
                int end = text.indexOf(0);
                return end < 0 ? text : text.substring(0, end);
            }
            at += 2 + size;
        }
        return "";
    }

    /** Returns the name of the chain in the verdict of the attribute with this type; "" if there is none. */
    private static String verdictChain(Attributes attributes, int type) {
        while (attributes.next()) {
            if (attributes.type() == type) {
                Attributes data = attributes.nested();
                while (data.next()) {
                    if (data.type() == DATA_VERDICT) {
                        return text(data.nested(), VERDICT_CHAIN);
                    }
                }
            }
        }
        return "";
    }

    private static String text(Attributes attributes, int type) {
        while (attributes.next()) {
            if (attributes.type() == type) {
                return attributes.string();
            }
        }
        return "";
    }

    /** Returns the name of the set in a message; empty if the set is not a map of verdicts. */
    static Optional<String> verdictMap(MessageReader message) {
        String name = "";
        boolean verdicts = false;
        Attributes set = message.netfilterAttributes();
        while (set.next()) {
            switch (set.type()) {
                case SET_NAME -> name = set.string();
                case SET_DATA_TYPE -> verdicts = set.u32() == VERDICTS;
                default -> {}
            }
        }
        return verdicts ? Optional.of(name) : Optional.empty();
    }

    /** Returns the names of the chains that are the targets of jump or goto in the elements of a map. */
    static List<String> targets(MessageReader message) {
        List<String> targets = new ArrayList<>();
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            if (attributes.type() == ELEMENTS) {
                Attributes elements = attributes.nested();
                while (elements.next()) {
                    String chain = verdictChain(elements.nested(), ELEMENT_DATA);
                    if (!chain.isEmpty()) {
                        targets.add(chain);
                    }
                }
            }
        }
        return targets;
    }
}
