package io.fairlead.nftables.listing;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.linux.netlink.Attributes;
import io.fairlead.nftables.read.Fields;
import java.util.ArrayList;
import java.util.List;

/**
 * Returns the texts, in nft's form, of the expressions that change or reject a packet, send it elsewhere, or change a
 * set.
 */
final class ActionTexts {
    private static final int RANDOM = 1 << 2;
    private static final int PERSISTENT = 1 << 3;
    private static final int FULLY_RANDOM = 1 << 4;
    private static final int NETMAP = 1 << 6;
    private static final int NFT_REJECT_ICMPX = 2;
    private final TermRegisters registers;
    private final TermText terms;
    private final RuleTable table;
    private final Tally tally;

    ActionTexts(TermRegisters registers, TermText terms, RuleTable table, Tally tally) {
        this.registers = registers;
        this.terms = terms;
        this.table = table;
        this.tally = tally;
    }

    String reject(Fields fields, int network) {
        int type = fields.number(1);
        int code = fields.byteOr(2, 0);
        if (type == NFT_REJECT_TCP_RST) {
            return "reject with tcp reset";
        }
        if (type == NFT_REJECT_ICMPX) {
            return code == 1 && table.hasSeveralNetworks() && network == 0
                    ? "reject"
                    : "reject with icmpx " + Words.icmpxCode(code);
        }
        boolean ipv6 = network == Headers.IPV6;
        return code == (ipv6 ? 4 : 3) && !table.hasSeveralNetworks()
                ? "reject"
                : "reject with " + (ipv6 ? "icmpv6 " : "icmp ")
                        + (ipv6 ? Words.icmpv6Code(code) : Words.icmpCode(code));
    }

    String nat(Fields fields) {
        boolean source = fields.number(NFTA_NAT_TYPE) == 0;
        int family = fields.numberOr(NFTA_NAT_FAMILY, 0);
        int flags = fields.numberOr(7, 0);
        int type = family == NFPROTO_IPV6 ? Words.IPV6 : Words.IPV4;
        String address = fields.has(NFTA_NAT_REG_ADDR_MIN)
                ? range(fields.number(NFTA_NAT_REG_ADDR_MIN), fields.numberOr(4, 0), type)
                : "";
        Term mapped = fields.has(NFTA_NAT_REG_ADDR_MIN) ? registers.read(fields.number(NFTA_NAT_REG_ADDR_MIN)) : null;
        boolean portOfMap = mapped instanceof Term.Mapped(var _, ListedSet map)
                && map.raw().dataLength() > Words.length(type)
                && fields.has(NFTA_NAT_REG_PROTO_MIN);
        String port = fields.has(NFTA_NAT_REG_PROTO_MIN) && !portOfMap
                ? range(fields.number(NFTA_NAT_REG_PROTO_MIN), fields.numberOr(6, 0), Words.PORT)
                : "";
        boolean named = table.hasSeveralNetworks() || mapped instanceof Term.Mapped;
        String target =
                !address.isEmpty() && !port.isEmpty() && address.indexOf(':') >= 0 && !(mapped instanceof Term.Mapped)
                        ? "[" + address + "]"
                        : address;
        String between = port.isEmpty() ? "" : mapped instanceof Term.Mapped ? " : " : ":";
        return (source ? "snat" : "dnat")
                + (named && !address.isEmpty() ? family == NFPROTO_IPV6 ? " ip6" : " ip" : "")
                + ((flags & NETMAP) == 0 ? "" : " prefix")
                + " to " + target + between + port + flags(flags);
    }

    private String range(int from, int to, int type) {
        Term first = registers.read(from);
        Term last = to == 0 || to == from ? first : registers.read(to);
        String text = terms.as(first, type, false);
        return last.equals(first) ? text : text + "-" + terms.as(last, type, false);
    }

    String masquerade(Fields fields) {
        return "masquerade" + ports(fields, 2, 3) + flags(fields.numberOr(NFTA_MASQ_FLAGS, 0));
    }

    String redirect(Fields fields) {
        return "redirect" + ports(fields, 1, 2) + flags(fields.numberOr(3, 0));
    }

    private String ports(Fields fields, int from, int to) {
        return fields.has(from) ? " to :" + range(fields.number(from), fields.numberOr(to, 0), Words.PORT) : "";
    }

    private static String flags(int flags) {
        List<String> words = new ArrayList<>();
        if ((flags & RANDOM) != 0) {
            words.add("random");
        }
        if ((flags & FULLY_RANDOM) != 0) {
            words.add("fully-random");
        }
        if ((flags & PERSISTENT) != 0) {
            words.add("persistent");
        }
        return words.isEmpty() ? "" : " " + String.join(",", words);
    }

    String queue(Fields fields) {
        String[] flags = {"", " flags bypass", " flags fanout", " flags bypass,fanout"};
        int first = fields.shortOr(1, 0);
        int total = Math.max(1, fields.shortOr(2, 1));
        String to = fields.has(4)
                ? terms.show(registers.read(fields.number(4))).text()
                : first + (total > 1 ? "-" + (first + total - 1) : "");
        return "queue" + flags[fields.shortOr(3, 0) & 3] + " to " + to;
    }

    String tproxy(Fields fields) {
        int family = fields.numberOr(1, 0);
        String of = !table.hasSeveralNetworks()
                ? ""
                : family == NFPROTO_IPV4 ? "ip " : family == NFPROTO_IPV6 ? "ip6 " : "";
        int type = family == NFPROTO_IPV6 ? Words.IPV6 : Words.IPV4;
        String address = fields.has(2) ? terms.as(registers.read(fields.number(2)), type, false) : "";
        String port = fields.has(3) ? ":" + terms.as(registers.read(fields.number(3)), Words.PORT, false) : "";
        return "tproxy " + of + "to " + (address.indexOf(':') >= 0 && !port.isEmpty() ? "[" + address + "]" : address)
                + port;
    }

    String duplicate(Fields fields) {
        String device = fields.has(2) ? terms.as(registers.read(fields.number(2)), Words.INTERFACE_INDEX, true) : "";
        if (!fields.has(1)) {
            return "dup to " + device;
        }
        return "dup to " + address(fields.number(1)) + (device.isEmpty() ? "" : " device " + device);
    }

    private String address(int register) {
        Term term = registers.read(register);
        return terms.as(term, term.length() > Integer.BYTES ? Words.IPV6 : Words.IPV4, false);
    }

    String forward(Fields fields) {
        String device = terms.as(registers.read(fields.number(1)), Words.INTERFACE_INDEX, true);
        return fields.has(2)
                ? "fwd " + (fields.numberOr(3, 0) == NFPROTO_IPV6 ? "ip6" : "ip") + " to " + address(fields.number(2))
                        + " device " + device
                : "fwd to " + device;
    }

    /** Returns the text of a reference to an object. The object has a name in the rule, or a map contains it. */
    String reference(Fields fields) {
        if (fields.has(1)) {
            return ObjectTexts.reference(fields.number(1), tally) + " " + Words.quoted(fields.string(2));
        }
        ListedSet map = table.set(fields.string(4));
        List<Term> key = registers.read(fields.number(3), map.raw().keyLength());
        return ObjectTexts.reference(map.raw().object(), tally) + " " + terms.all(key) + " map " + terms.reference(map);
    }

    /**
     * Returns the text of a statement that adds, updates or deletes an element of a set or map. If the set is
     * anonymous, the text is that of a meter.
     */
    String change(Fields fields) {
        ListedSet set = table.set(fields.string(NFTA_DYNSET_SET_NAME));
        List<Term> key =
                registers.read(fields.number(NFTA_DYNSET_SREG_KEY), set.raw().keyLength());
        String data = fields.has(NFTA_DYNSET_SREG_DATA)
                ? " : "
                        + terms.all(registers.read(
                                fields.number(NFTA_DYNSET_SREG_DATA), set.raw().dataLength()))
                : "";
        long timeout = fields.longOr(6, 0);
        StringBuilder inside = new StringBuilder(terms.all(key));
        inside.append(timeout == 0 ? "" : " timeout " + Words.duration(timeout));
        if (fields.has(7)) {
            inside.append(' ').append(stateful(fields.nested(7)));
        }
        if (fields.has(10)) {
            Attributes each = fields.nested(10);
            while (each.next()) {
                inside.append(' ').append(stateful(each.nested()));
            }
        }
        inside.append(data);
        if (set.raw().isAnonymous()) {
            return "meter " + Words.name(set.raw().name()) + set.meterSize() + " { " + inside + " }";
        }
        String verb = switch (fields.number(NFTA_DYNSET_OP)) {
            case NFT_DYNSET_OP_UPDATE -> "update";
            case NFT_DYNSET_OP_DELETE -> "delete";
            default -> "add";
        };
        return verb + " @" + Words.name(set.raw().name()) + " { " + inside + " }";
    }

    private String stateful(Attributes expression) {
        String name = "";
        while (expression.next()) {
            if (expression.type() == NFTA_EXPR_NAME) {
                name = expression.string();
            } else if (expression.type() == NFTA_EXPR_DATA) {
                Fields fields = Fields.of(expression.nested());
                return switch (name) {
                    case "counter" -> "counter";
                    case "limit" -> ObjectTexts.limit(fields);
                    case "quota" -> ObjectTexts.quota(fields);
                    case "connlimit" -> ObjectTexts.connections(fields);
                    case "last" -> "last";
                    default -> tally.unknown(name);
                };
            }
        }
        return name.equals("counter") || name.equals("last") ? name : tally.unknown(name);
    }
}
