package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MalformedMessageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Converts the kernel's expressions of a rule to steps. It executes the expressions symbolically: a register contains a
 * description of how its value is computed ({@link Value}).
 */
final class RuleDecoder {
    private static final int NFT_META_LENGTH_OF_NAME = 16;
    private static final int NFTA_NG_OFFSET = 4;
    private static final int NFTA_NAT_FLAGS = 7;
    private static final int NFTA_DYNSET_TIMEOUT = 6;
    private static final int NFTA_DYNSET_EXPR = 7;
    private static final int NFTA_DYNSET_FLAGS = 9;
    private static final int NFTA_DYNSET_EXPRESSIONS = 10;
    private static final int NFTA_BITWISE_OP = 6;
    private static final int NFTA_PAYLOAD_SREG = 5;
    /**
     * NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED: the kernel sets these flags if an address or a port is
     * given.
     */
    private static final int HAS_VALUES = 3;

    private final Map<String, RawSet> sets;
    private final RegisterFile registers = new RegisterFile();
    private final List<Step> steps = new ArrayList<>();

    private RuleDecoder(Map<String, RawSet> sets) {
        this.sets = sets;
    }

    /**
     * Returns the steps of a rule.
     *
     * @param expressions the attributes that are nested in NFTA_RULE_EXPRESSIONS
     * @param sets the sets and maps of the table by name
     * @throws IllegalArgumentException if Fairlead does not write one of the expressions
     */
    static List<Step> decode(Attributes expressions, Map<String, RawSet> sets) {
        RuleDecoder decoder = new RuleDecoder(sets);
        while (expressions.next()) {
            if (expressions.type() == NFTA_LIST_ELEM) {
                decoder.expression(expressions.nested());
            }
        }
        return decoder.steps;
    }

    /** Decodes one expression. The kernel sends its name before its data. */
    private void expression(Attributes expression) {
        String name = "";
        while (expression.next()) {
            if (expression.type() == NFTA_EXPR_NAME) {
                name = expression.string();
            } else if (expression.type() == NFTA_EXPR_DATA) {
                try {
                    expression(name, Fields.of(expression.nested()));
                } catch (MalformedMessageException _) {
                    // A newer kernel may use another form of an expression.
                    throw new NotOursException(name);
                }
                return;
            }
        }
        throw new NotOursException(name);
    }

    private void expression(String name, Fields fields) {
        switch (name) {
            case "meta" -> meta(fields);
            case "ct" -> ct(fields);
            case "payload" -> {
                fields.without(NFTA_PAYLOAD_SREG);
                registers.write(
                        fields.number(NFTA_PAYLOAD_DREG),
                        new Value.Payload(
                                fields.number(NFTA_PAYLOAD_BASE),
                                fields.number(NFTA_PAYLOAD_OFFSET),
                                fields.number(NFTA_PAYLOAD_LEN, 1, 64)));
            }
            case "fib" -> {
                int result = fields.number(NFTA_FIB_RESULT);
                int length = result == NFT_FIB_RESULT_OIFNAME ? NFT_META_LENGTH_OF_NAME : Integer.BYTES;
                Value fib = new Value.Fib(result, fields.number(NFTA_FIB_FLAGS), length);
                registers.write(fields.number(NFTA_FIB_DREG), fib);
            }
            case "numgen" ->
                registers.write(
                        fields.number(NFTA_NG_DREG),
                        new Value.Numgen(
                                fields.number(NFTA_NG_TYPE) == NFT_NG_RANDOM,
                                fields.number(NFTA_NG_MODULUS),
                                fields.numberOr(NFTA_NG_OFFSET, 0),
                                false));
            case "immediate" -> immediate(fields);
            case "bitwise" -> {
                if (fields.numberOr(NFTA_BITWISE_OP, 0) != 0) {
                    throw new NotOursException("a shift");
                }
                registers.write(
                        fields.number(NFTA_BITWISE_DREG),
                        new Value.Bits(
                                registers.read(fields.number(NFTA_BITWISE_SREG)),
                                fields.data(NFTA_BITWISE_MASK),
                                fields.data(NFTA_BITWISE_XOR)));
            }
            case "cmp" ->
                steps.add(new Step.Compare(
                        registers.read(fields.number(NFTA_CMP_SREG)),
                        fields.number(NFTA_CMP_OP),
                        fields.data(NFTA_CMP_DATA)));
            case "lookup" -> lookUp(fields);
            case "dynset" -> dynset(fields);
            case "nat" -> nat(fields);
            case "masq" -> steps.add(new Step.Masquerade(fields.numberOr(NFTA_MASQ_FLAGS, 0)));
            case "reject" ->
                steps.add(new Step.Reject(fields.number(NFTA_REJECT_TYPE), fields.byteOr(NFTA_REJECT_ICMP_CODE, 0)));
            case "byteorder" -> byteOrder(fields);
            default -> throw new NotOursException(name);
        }
    }

    private static final int NFT_FIB_RESULT_OIFNAME = 2;

    private void meta(Fields fields) {
        int key = fields.number(NFTA_META_KEY);
        if (fields.has(NFTA_META_SREG)) {
            steps.add(new Step.SetMeta(key, registers.read(fields.number(NFTA_META_SREG))));
            return;
        }
        registers.write(fields.number(NFTA_META_DREG), new Value.Meta(key, metaLength(key)));
    }

    private static int metaLength(int key) {
        return switch (key) {
            case NFT_META_MARK -> Integer.BYTES;
            case NFT_META_IIFNAME -> NFT_META_LENGTH_OF_NAME;
            case NFT_META_L4PROTO -> 1;
            default -> throw new NotOursException("meta " + key);
        };
    }

    private static int ctLength(int key) {
        return switch (key) {
            case NFT_CT_STATE, NFT_CT_STATUS, NFT_CT_DST_IP -> Integer.BYTES;
            case NFT_CT_PROTO_DST -> Short.BYTES;
            case NFT_CT_DST_IP6 -> 16;
            default -> throw new NotOursException("ct " + key);
        };
    }

    private void ct(Fields fields) {
        int key = fields.number(NFTA_CT_KEY);
        registers.write(
                fields.number(NFTA_CT_DREG), new Value.Ct(key, fields.byteOr(NFTA_CT_DIRECTION, -1), ctLength(key)));
    }

    private void immediate(Fields fields) {
        if (fields.number(NFTA_IMMEDIATE_DREG) == NFT_REG_VERDICT) {
            steps.add(new Step.Decide(fields.verdict(NFTA_IMMEDIATE_DATA)));
        } else {
            registers.write(fields.number(NFTA_IMMEDIATE_DREG), new Value.Constant(fields.data(NFTA_IMMEDIATE_DATA)));
        }
    }

    private void lookUp(Fields fields) {
        RawSet set = set(fields.string(NFTA_LOOKUP_SET));
        List<Value> key = registers.read(fields.number(NFTA_LOOKUP_SREG), set.keyLength());
        if (!fields.has(NFTA_LOOKUP_DREG)) {
            boolean negated = (fields.numberOr(NFTA_LOOKUP_FLAGS, 0) & NFT_LOOKUP_F_INV) != 0;
            steps.add(new Step.LookUp(key, set, negated));
        } else if (fields.number(NFTA_LOOKUP_DREG) == NFT_REG_VERDICT) {
            steps.add(new Step.LookUpVerdict(key, set));
        } else {
            registers.write(fields.number(NFTA_LOOKUP_DREG), new Value.Mapped(key, set));
        }
    }

    private void dynset(Fields fields) {
        RawSet set = set(fields.string(NFTA_DYNSET_SET_NAME));
        boolean plain = fields.numberOr(NFTA_DYNSET_FLAGS, 0) == 0
                && fields.longOr(NFTA_DYNSET_TIMEOUT, 0) == 0
                && !fields.has(NFTA_DYNSET_EXPR)
                && !fields.has(NFTA_DYNSET_EXPRESSIONS);
        steps.add(new Step.Change(
                fields.number(NFTA_DYNSET_OP),
                set,
                registers.read(fields.number(NFTA_DYNSET_SREG_KEY), set.keyLength()),
                fields.has(NFTA_DYNSET_SREG_DATA)
                        ? registers.read(fields.number(NFTA_DYNSET_SREG_DATA), set.dataLength())
                        : List.of(),
                plain));
    }

    private void nat(Fields fields) {
        steps.add(new Step.Nat(
                fields.number(NFTA_NAT_TYPE),
                fields.has(NFTA_NAT_REG_ADDR_MIN) ? registers.read(fields.number(NFTA_NAT_REG_ADDR_MIN)) : null,
                fields.has(NFTA_NAT_REG_PROTO_MIN) ? registers.covering(fields.number(NFTA_NAT_REG_PROTO_MIN)) : null,
                fields.numberOr(NFTA_NAT_FLAGS, 0) & ~HAS_VALUES));
    }

    /**
     * Decodes a change of the byte order. nft writes this expression for a number that is compared with a limit, and
     * for a protocol that is looked up in a set of ranges. A protocol has one byte, so the value stays the same. For
     * other values, throws NotOursException.
     */
    private void byteOrder(Fields fields) {
        Value value = registers.read(fields.number(NFTA_BYTEORDER_SREG));
        if (value instanceof Value.Numgen(boolean random, int modulus, int offset, boolean turned)
                && fields.number(NFTA_BYTEORDER_SIZE) == Integer.BYTES) {
            value = new Value.Numgen(random, modulus, offset, !turned);
        } else if (value.length() > 1) {
            throw new NotOursException("byteorder");
        }
        registers.write(fields.number(NFTA_BYTEORDER_DREG), value);
    }

    private RawSet set(String name) {
        RawSet set = sets.get(name);
        if (set == null) {
            throw new NotOursException("set " + name);
        }
        return set;
    }
}
