package io.fairlead.nftables.listing;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MalformedMessageException;
import io.fairlead.nftables.read.Bytes;
import io.fairlead.nftables.read.Fields;
import java.util.List;

/**
 * Writes one rule as text. It executes the expressions symbolically: a register contains the description of a value.
 * For an unknown expression, and for each value that depends on it, the text contains the kernel's name of the
 * expression in brackets.
 */
final class RuleWriter {
    private static final int NFTA_PAYLOAD_SREG = 5;
    private static final int NFTA_CT_SREG = 4;
    private static final int NFTA_BITWISE_OP = 6;
    private static final int NFTA_BITWISE_DATA = 7;
    private static final int NFTA_NG_OFFSET = 4;
    private static final int[] DESTINATIONS = {1, 2};

    private final RuleTable table;
    private final Tally tally;
    private final TermRegisters registers = new TermRegisters();
    private final Line line;
    private final TermText terms;
    private final ActionTexts actions;

    private RuleWriter(RuleTable table, Words words, Tally tally) {
        this.table = table;
        this.tally = tally;
        this.line = new Line(table.network());
        this.terms = new TermText(line, words, tally);
        this.actions = new ActionTexts(registers, terms, table, tally);
    }

    /** Returns the text of the expressions that are nested in NFTA_RULE_EXPRESSIONS. */
    static String write(Attributes expressions, RuleTable table, Words words, Tally tally) {
        RuleWriter writer = new RuleWriter(table, words, tally);
        while (expressions.next()) {
            if (expressions.type() == NFTA_LIST_ELEM) {
                writer.expression(expressions.nested());
            }
        }
        return writer.line.text();
    }

    /** Writes one expression. The kernel sends its name before its data. */
    private void expression(Attributes expression) {
        String name = "";
        while (expression.next()) {
            if (expression.type() == NFTA_EXPR_NAME) {
                name = expression.string();
            } else if (expression.type() == NFTA_EXPR_DATA) {
                known(name, expression.nested());
                return;
            }
        }
        known(name, null);
    }

    private void known(String name, @org.jspecify.annotations.Nullable Attributes data) {
        try {
            if (data == null) {
                line.addAction(name.equals("notrack") ? "notrack" : tally.unknown(name));
            } else {
                write(name, Fields.of(data));
            }
        } catch (IllegalArgumentException | MalformedMessageException _) {
            // A newer kernel may use another form of an expression.
            line.addAction(tally.unknown(name));
        }
    }

    private void write(String name, Fields fields) {
        switch (name) {
            case "payload" -> payload(fields);
            case "meta" -> {
                if (fields.has(NFTA_META_SREG)) {
                    set(KeyNames.meta(fields.number(NFTA_META_KEY)), fields.number(NFTA_META_SREG));
                } else {
                    registers.write(fields.number(NFTA_META_DREG), KeyNames.meta(fields.number(NFTA_META_KEY)));
                }
            }
            case "ct" -> {
                Term term =
                        KeyNames.ct(fields.number(NFTA_CT_KEY), fields.byteOr(NFTA_CT_DIRECTION, -1), line.network());
                if (fields.has(NFTA_CT_SREG)) {
                    set(term, fields.number(NFTA_CT_SREG));
                } else {
                    registers.write(fields.number(NFTA_CT_DREG), term);
                }
            }
            case "rt" -> registers.write(fields.number(1), KeyNames.route(fields.number(2)));
            case "socket" ->
                registers.write(fields.number(2), KeyNames.socket(fields.number(1), fields.numberOr(3, 0)));
            case "fib" ->
                registers.write(
                        fields.number(NFTA_FIB_DREG),
                        KeyNames.fib(fields.number(NFTA_FIB_RESULT), fields.number(NFTA_FIB_FLAGS)));
            case "osf" -> {
                String[] ttl = {"", "ttl loose ", "ttl skip "};
                String what = (fields.numberOr(3, 0) & 1) == 0 ? "name" : "version";
                String text = "osf " + ttl[Math.min(2, fields.byteOr(2, 0))] + what;
                registers.write(fields.number(1), new Term.Named(text, Words.STRING, 16, false));
            }
            case "xfrm", "tunnel" -> registers.write(fields.number(1), new Term.Unknown(name));
            case "inner" -> inner(fields.nested(5));
            case "numgen" -> {
                String kind = fields.number(NFTA_NG_TYPE) == NFT_NG_RANDOM ? "random" : "inc";
                String range = modulus(fields.number(NFTA_NG_MODULUS)) + offset(fields.numberOr(NFTA_NG_OFFSET, 0));
                Term number = new Term.Named("numgen " + kind + range, Words.INTEGER, Integer.BYTES, true);
                registers.write(fields.number(NFTA_NG_DREG), number);
            }
            case "hash" -> hash(fields);
            case "exthdr" -> extension(fields);
            case "immediate" -> immediate(fields);
            case "bitwise" -> bitwise(fields);
            case "byteorder" ->
                registers.write(
                        fields.number(NFTA_BYTEORDER_DREG),
                        new Term.Turned(registers.read(fields.number(NFTA_BYTEORDER_SREG))));
            case "cmp" ->
                terms.compare(
                        registers.read(fields.number(NFTA_CMP_SREG)),
                        fields.number(NFTA_CMP_OP),
                        fields.data(NFTA_CMP_DATA));
            case "range" ->
                terms.range(
                        registers.read(fields.number(1)), fields.numberOr(2, 0) != 0, fields.data(3), fields.data(4));
            case "lookup" -> lookUp(fields);
            default -> line.addAction(action(name, fields));
        }
    }

    private String action(String name, Fields fields) {
        return switch (name) {
            case "counter" -> table.counted() ? ObjectTexts.counter(fields) : "counter";
            case "log" -> ObjectTexts.log(fields);
            case "limit" -> ObjectTexts.limit(fields);
            case "quota" -> ObjectTexts.quota(fields);
            case "connlimit" -> ObjectTexts.connections(fields);
            case "last" -> ObjectTexts.last(fields);
            case "synproxy" -> ObjectTexts.synproxy(fields);
            case "notrack" -> "notrack";
            case "objref" -> actions.reference(fields);
            case "dynset" -> actions.change(fields);
            case "nat" -> actions.nat(fields);
            case "masq" -> actions.masquerade(fields);
            case "redir" -> actions.redirect(fields);
            case "reject" -> {
                if (fields.number(NFTA_REJECT_TYPE) == NFT_REJECT_TCP_RST && !table.hasSeveralNetworks()) {
                    line.leaveOutTransport();
                }
                yield actions.reject(fields, line.network());
            }
            case "queue" -> actions.queue(fields);
            case "tproxy" -> actions.tproxy(fields);
            case "dup" -> actions.duplicate(fields);
            case "fwd" -> actions.forward(fields);
            case "flow_offload" -> "flow add @" + Words.name(fields.string(1));
            case "target" -> "xt target " + Words.quoted(fields.string(1));
            case "match" -> "xt match " + Words.quoted(fields.string(1));
            default -> {
                // The unknown expression may have a result, which later expressions compare.
                for (int attribute : DESTINATIONS) {
                    int register = fields.numberOr(attribute, 0);
                    if (register > NFT_REG_VERDICT) {
                        registers.write(register, new Term.Unknown(name));
                    }
                }
                yield tally.unknown(name);
            }
        };
    }

    private void payload(Fields fields) {
        Term.Payload payload = new Term.Payload(
                fields.number(NFTA_PAYLOAD_BASE),
                fields.number(NFTA_PAYLOAD_OFFSET),
                fields.number(NFTA_PAYLOAD_LEN, 1, 64));
        if (!fields.has(NFTA_PAYLOAD_SREG)) {
            registers.write(fields.number(NFTA_PAYLOAD_DREG), payload);
            return;
        }
        Term value = registers.read(fields.number(NFTA_PAYLOAD_SREG));
        if (value instanceof Term.Masked(Term of, Bytes mask, Bytes flip) && of.equals(payload)) {
            // A part of the bytes is replaced, and the others stay.
            line.addAction(terms.assignedPart(payload, mask, flip));
        } else {
            set(payload, fields.number(NFTA_PAYLOAD_SREG));
        }
    }

    private void set(Term term, int register) {
        TermText.Shown shown = terms.show(term);
        line.addAction(shown.text() + " set " + terms.as(registers.read(register), shown.type(), shown.host()));
    }

    /**
     * Records that a register contains a value from a header inside a tunnel. This value, and all that depends on it,
     * is not understood.
     */
    private void inner(Attributes expression) {
        while (expression.next()) {
            if (expression.type() == NFTA_EXPR_DATA) {
                registers.write(Fields.of(expression.nested()).number(1), new Term.Unknown("inner"));
            }
        }
    }

    private static String modulus(int modulus) {
        return " mod " + Integer.toUnsignedString(modulus);
    }

    private static String offset(int offset) {
        return offset == 0 ? "" : " offset " + Integer.toUnsignedString(offset);
    }

    private void hash(Fields fields) {
        String rest = modulus(fields.number(4))
                + (fields.has(5) ? " seed 0x" + Integer.toHexString(fields.number(5)) : "")
                + offset(fields.numberOr(6, 0));
        registers.write(
                fields.number(2),
                fields.numberOr(7, 0) == 1
                        ? new Term.Named("symhash" + rest, Words.INTEGER, Integer.BYTES, true)
                        : new Term.Hashed(registers.read(fields.number(1), fields.number(3)), rest));
    }

    /**
     * Writes an expression that reads, sets or resets a field of an extension header or option, or tests its presence.
     * If its number has no name here, the text contains the number.
     */
    private void extension(Fields fields) {
        boolean exists = (fields.numberOr(5, 0) & 1) != 0;
        String text = OptionNames.of(fields.numberOr(6, 0), fields.byteOr(2, 0), fields.numberOr(3, 0), exists);
        if (fields.has(7)) {
            line.addAction(text + " set " + terms.as(registers.read(fields.number(7)), Words.INTEGER, false));
        } else if (fields.has(1)) {
            registers.write(
                    fields.number(1),
                    new Term.Named(
                            text,
                            exists ? Words.EXISTENCE : text.endsWith(" nexthdr") ? Words.PROTOCOL : Words.INTEGER,
                            fields.number(4, 1, 64),
                            false));
        } else {
            line.addAction("reset " + text);
        }
    }

    private void immediate(Fields fields) {
        if (fields.number(NFTA_IMMEDIATE_DREG) == NFT_REG_VERDICT) {
            line.addAction(fields.verdict(NFTA_IMMEDIATE_DATA).text());
        } else {
            registers.write(fields.number(NFTA_IMMEDIATE_DREG), new Term.Constant(fields.data(NFTA_IMMEDIATE_DATA)));
        }
    }

    private void bitwise(Fields fields) {
        Term term = registers.read(fields.number(NFTA_BITWISE_SREG));
        int operation = fields.numberOr(NFTA_BITWISE_OP, 0);
        Term result = switch (operation) {
            case 0 -> {
                Bytes mask = fields.data(NFTA_BITWISE_MASK);
                Bytes flip = fields.data(NFTA_BITWISE_XOR);
                yield term instanceof Term.Masked(Term inner, Bytes before, Bytes flipped) && flipped.isZero()
                        ? new Term.Masked(inner, before.and(mask), flip)
                        : new Term.Masked(term, mask, flip);
            }
            case 1, 2 ->
                new Term.Shifted(term, operation == 1, (int)
                        fields.data(NFTA_BITWISE_DATA).number(true));
            default -> new Term.Unknown("bitwise-" + operation);
        };
        registers.write(fields.number(NFTA_BITWISE_DREG), result);
    }

    private void lookUp(Fields fields) {
        ListedSet set = table.set(fields.string(NFTA_LOOKUP_SET));
        List<Term> key =
                registers.read(fields.number(NFTA_LOOKUP_SREG), set.raw().keyLength());
        if (!fields.has(NFTA_LOOKUP_DREG)) {
            terms.lookUp(key, set, (fields.numberOr(NFTA_LOOKUP_FLAGS, 0) & NFT_LOOKUP_F_INV) != 0);
        } else if (fields.number(NFTA_LOOKUP_DREG) == NFT_REG_VERDICT) {
            terms.lookUpVerdict(key, set);
        } else {
            registers.write(fields.number(NFTA_LOOKUP_DREG), new Term.Mapped(key, set));
        }
    }
}
