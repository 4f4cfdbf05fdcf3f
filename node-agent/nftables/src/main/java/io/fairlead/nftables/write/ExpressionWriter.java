package io.fairlead.nftables.write;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.Refusal;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Verdict;
import java.nio.ByteBuffer;

/**
 * Writes the expressions of a rule, with one method for each kind of expression. Registers are numbered as in {@link
 * Registers}.
 */
final class ExpressionWriter {
    private final MessageWriter out;
    /** The start offsets of the attributes that are open while an expression is written. */
    private int element;

    private int data;
    private int around;
    private int value;

    ExpressionWriter(MessageWriter out) {
        this.out = out;
    }

    void metaInto(int register, int key) {
        begin("meta");
        out.u32(NFTA_META_DREG, register);
        out.u32(NFTA_META_KEY, key);
        end();
    }

    void metaFrom(int register, int key) {
        begin("meta");
        out.u32(NFTA_META_SREG, register);
        out.u32(NFTA_META_KEY, key);
        end();
    }

    void connectionInto(int register, int key) {
        begin("ct");
        out.u32(NFTA_CT_DREG, register);
        out.u32(NFTA_CT_KEY, key);
        end();
    }

    /** Loads a field of the first packet of the connection into a register. */
    void originalInto(int register, int key) {
        begin("ct");
        out.u32(NFTA_CT_DREG, register);
        out.u32(NFTA_CT_KEY, key);
        out.u8(NFTA_CT_DIRECTION, 0);
        end();
    }

    void payloadInto(int register, int base, int offset, int length) {
        begin("payload");
        out.u32(NFTA_PAYLOAD_DREG, register);
        out.u32(NFTA_PAYLOAD_BASE, base);
        out.u32(NFTA_PAYLOAD_OFFSET, offset);
        out.u32(NFTA_PAYLOAD_LEN, length);
        end();
    }

    /** Loads the kind of the source or destination address, for example local or broadcast, into a register. */
    void addressTypeInto(int register, boolean source) {
        begin("fib");
        out.u32(NFTA_FIB_DREG, register);
        out.u32(NFTA_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE);
        out.u32(NFTA_FIB_FLAGS, source ? NFTA_FIB_F_SADDR : NFTA_FIB_F_DADDR);
        end();
    }

    void randomInto(int register, int modulus) {
        begin("numgen");
        out.u32(NFTA_NG_DREG, register);
        out.u32(NFTA_NG_MODULUS, modulus);
        out.u32(NFTA_NG_TYPE, NFT_NG_RANDOM);
        end();
    }

    /** Computes {@code register & mask ^ flip} for a number of 32 bits in the machine's byte order. */
    void bits(int register, int mask, int flip) {
        beginBits(register, Integer.BYTES);
        beginValue(NFTA_BITWISE_MASK);
        out.put32Host(mask);
        endValue();
        beginValue(NFTA_BITWISE_XOR);
        out.put32Host(flip);
        endValue();
        end();
    }

    /** Keeps the first bits of an address in a register, and sets the other bits to 0. */
    void prefix(int register, int length, int bits) {
        beginBits(register, length);
        beginValue(NFTA_BITWISE_MASK);
        for (int i = 0; i < length; i++) {
            out.put8(0xff00 >>> Math.clamp(bits - i * 8L, 0, 8));
        }
        endValue();
        beginValue(NFTA_BITWISE_XOR);
        out.zeros(length);
        endValue();
        end();
    }

    private void beginBits(int register, int length) {
        begin("bitwise");
        out.u32(NFTA_BITWISE_SREG, register);
        out.u32(NFTA_BITWISE_DREG, register);
        out.u32(NFTA_BITWISE_LEN, length);
    }

    /** Compares a register with a number of 32 bits in the machine's byte order. */
    void compare(int register, boolean equal, int number) {
        beginCompare(register, equal ? NFT_CMP_EQ : NFT_CMP_NEQ);
        out.put32Host(number);
        endCompare();
    }

    /** Matches if a number of 32 bits in the machine's byte order is less than another number. */
    void compareBelow(int register, int number) {
        begin("byteorder");
        out.u32(NFTA_BYTEORDER_SREG, register);
        out.u32(NFTA_BYTEORDER_DREG, register);
        out.u32(NFTA_BYTEORDER_OP, NFT_BYTEORDER_HTON);
        out.u32(NFTA_BYTEORDER_LEN, Integer.BYTES);
        out.u32(NFTA_BYTEORDER_SIZE, Integer.BYTES);
        end();
        beginCompare(register, NFT_CMP_LT);
        out.put(ByteBuffer.allocate(Integer.BYTES).putInt(number).array(), 0, Integer.BYTES);
        endCompare();
    }

    /** Compares a register with a byte. */
    void compareByte(int register, int number) {
        beginCompare(register, NFT_CMP_EQ);
        out.put8(number);
        endCompare();
    }

    /** Compares a register with the first bytes of an array. */
    void compare(int register, boolean equal, byte[] bytes, int length) {
        beginCompare(register, equal ? NFT_CMP_EQ : NFT_CMP_NEQ);
        out.put(bytes, 0, length);
        endCompare();
    }

    /** Compares a register with a text. If the text is shorter than {@code length}, zero bytes are added to it. */
    void compare(int register, boolean equal, String text, int length) {
        beginCompare(register, equal ? NFT_CMP_EQ : NFT_CMP_NEQ);
        out.put(text);
        out.zeros(Math.max(0, length - text.length()));
        endCompare();
    }

    private void beginCompare(int register, int operator) {
        begin("cmp");
        out.u32(NFTA_CMP_SREG, register);
        out.u32(NFTA_CMP_OP, operator);
        beginValue(NFTA_CMP_DATA);
    }

    private void endCompare() {
        endValue();
        end();
    }

    /** Ends the rule if the set does not contain the key; if {@code negated}, ends it if the set contains the key. */
    void lookUp(SetName set, int register, boolean negated) {
        beginLookUp(set.text(), register);
        if (negated) {
            out.u32(NFTA_LOOKUP_FLAGS, NFT_LOOKUP_F_INV);
        }
        end();
    }

    /** Like {@link #lookUp}, but with an anonymous set that was declared in this transaction with a number. */
    void lookUpAnonymous(int id, int register, boolean negated) {
        beginLookUp(SetMessages.ANONYMOUS, register);
        out.u32(NFTA_LOOKUP_SET_ID, id);
        if (negated) {
            out.u32(NFTA_LOOKUP_FLAGS, NFT_LOOKUP_F_INV);
        }
        end();
    }

    /** Loads the data of the element with this key into a register. Ends the rule if the map has no such element. */
    void lookUpInto(int result, SetName map, int register) {
        beginLookUp(map.text(), register);
        out.u32(NFTA_LOOKUP_DREG, result);
        end();
    }

    private void beginLookUp(String set, int register) {
        begin("lookup");
        out.string(NFTA_LOOKUP_SET, set);
        out.u32(NFTA_LOOKUP_SREG, register);
    }

    /** Adds, updates or deletes an element of a map when a packet matches the rule. */
    void change(SetName map, int operation, int keyRegister, int dataRegister) {
        begin("dynset");
        out.string(NFTA_DYNSET_SET_NAME, map.text());
        out.u32(NFTA_DYNSET_OP, operation);
        out.u32(NFTA_DYNSET_SREG_KEY, keyRegister);
        out.u32(NFTA_DYNSET_SREG_DATA, dataRegister);
        end();
    }

    void dnat(IpFamily family, int addressRegister, int portRegister) {
        begin("nat");
        out.u32(NFTA_NAT_TYPE, NFT_NAT_DNAT);
        out.u32(NFTA_NAT_FAMILY, Families.number(family));
        out.u32(NFTA_NAT_REG_ADDR_MIN, addressRegister);
        out.u32(NFTA_NAT_REG_PROTO_MIN, portRegister);
        end();
    }

    /** Masquerades the source address with a random port (NF_NAT_RANGE_PROTO_RANDOM_FULLY). */
    void masquerade() {
        begin("masq");
        out.u32(NFTA_MASQ_FLAGS, 1 << 4);
        end();
    }

    /** Rejects the packet. */
    void reject(Refusal with, IpFamily family) {
        begin("reject");
        switch (with) {
            case PORT_UNREACHABLE -> {
                out.u32(NFTA_REJECT_TYPE, NFT_REJECT_ICMP_UNREACH);
                out.u8(
                        NFTA_REJECT_ICMP_CODE,
                        switch (family) {
                            case IPV4 -> 3;
                            case IPV6 -> 4;
                        });
            }
            case TCP_RESET -> out.u32(NFTA_REJECT_TYPE, NFT_REJECT_TCP_RST);
        }
        end();
    }

    void decide(Verdict verdict) {
        begin("immediate");
        out.u32(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
        ElementWriter.verdict(NFTA_IMMEDIATE_DATA, verdict, out);
        end();
    }

    private void begin(String name) {
        element = out.nested(NFTA_LIST_ELEM);
        out.string(NFTA_EXPR_NAME, name);
        data = out.nested(NFTA_EXPR_DATA);
    }

    private void end() {
        out.close(data);
        out.close(element);
    }

    private void beginValue(int attribute) {
        around = out.nested(attribute);
        value = out.attribute(NFTA_DATA_VALUE);
    }

    private void endValue() {
        out.close(value);
        out.close(around);
    }
}
