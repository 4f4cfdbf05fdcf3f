package io.fairlead.nftables.write;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.rules.Refusal;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.Expression;
import io.fairlead.nft.rule.Expression.Field;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Statement;
import io.fairlead.nft.rule.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages that add rules. The expressions and registers are the same that nft 1.0.6 to 1.1.7 create from the
 * rule's text. Like nft, this class adds a match on the protocol before a field of TCP, UDP or SCTP.
 */
final class RuleMessages {
    /** The length in bytes of the field for an interface name (IFNAMSIZ). */
    private static final int INTERFACE_NAME = 16;

    /** The bit for "ct state new". */
    private static final int NEW = 8;

    /** IPS_DST_NAT, the bit of "ct status dnat". */
    private static final int TRANSLATED = 1 << 5;

    /** RTN_LOCAL, the result of "fib daddr type local". */
    private static final int LOCAL = 2;

    private static final int ALL = -1;

    private final Frame frame;
    private final MessageWriter out;
    private final SetMessages sets;
    private final ExpressionWriter expressions;
    private IpFamily family = IpFamily.IPV4;
    /** The protocol that the rule has matched so far. */
    private @Nullable Protocol known;
    /** The number of the next anonymous set that the current rule uses. */
    private int set;

    RuleMessages(Frame frame, SetMessages sets) {
        this.frame = frame;
        this.out = frame.out();
        this.sets = sets;
        this.expressions = new ExpressionWriter(out);
    }

    /** Adds a rule at the end of a chain. */
    void add(Chain chain, Rule rule, IpFamily ofTable) {
        family = ofTable;
        known = null;
        set = declareSets(rule);
        frame.begin(NFT_MSG_NEWRULE, Netlink.NLM_F_CREATE | Netlink.NLM_F_APPEND, family);
        out.string(NFTA_RULE_TABLE, Table.NAME);
        out.string(NFTA_RULE_CHAIN, chain.name().text());
        int list = out.nested(NFTA_RULE_EXPRESSIONS);
        for (Statement statement : rule.statements()) {
            write(statement);
        }
        out.close(list);
        UserData.comment(NFTA_RULE_USERDATA, rule.comment(), out);
        out.end();
    }

    /**
     * Declares the anonymous sets of a rule, which get successive numbers. Returns the first number; 0 if there is no
     * set.
     */
    private int declareSets(Rule rule) {
        int first = 0;
        for (Statement statement : rule.statements()) {
            int id = 0;
            if (statement instanceof Statement.ProtocolIs(List<Protocol> protocols) && protocols.size() > 1) {
                id = sets.protocols(protocols, family);
            } else if (statement instanceof Statement.AddressIn(Field field, var _, List<Cidr> prefixes)
                    && prefixes.size() > 1) {
                id = sets.prefixes(prefixes, Source.address(family, field == Field.SOURCE_ADDRESS), family);
            }
            first = first == 0 ? id : first;
        }
        return first;
    }

    private void write(Statement statement) {
        switch (statement) {
            case Statement.NewConnection _ -> connectionHas(NFT_CT_STATE, NEW);
            case Statement.DestinationTranslated _ -> connectionHas(NFT_CT_STATUS, TRANSLATED);
            case Statement.ProtocolIs(List<Protocol> protocols) -> protocolIs(protocols);
            case Statement.AddressIn(Field field, boolean negated, List<Cidr> prefixes) ->
                addressIn(field, negated, prefixes);
            case Statement.Chance(int part, int whole) -> {
                expressions.randomInto(Registers.FIRST, whole);
                expressions.compareBelow(Registers.FIRST, part);
            }
            case Statement.InSet(Expression key, boolean negated, SetName name) -> {
                require(key);
                load(key, Registers.FIRST);
                expressions.lookUp(name, Registers.FIRST, negated);
            }
            case Statement.IsLocal(Field field) -> {
                expressions.addressTypeInto(Registers.FIRST, field == Field.SOURCE_ADDRESS);
                expressions.compare(Registers.FIRST, true, LOCAL);
            }
            case Statement.InputInterface(boolean negated, var name, boolean prefix) -> {
                expressions.metaInto(Registers.FIRST, NFT_META_IIFNAME);
                expressions.compare(Registers.FIRST, !negated, name.text(), prefix ? 0 : INTERFACE_NAME);
            }
            case Statement.MarkIsUnset(int bits) -> {
                expressions.metaInto(Registers.FIRST, NFT_META_MARK);
                expressions.bits(Registers.FIRST, bits, 0);
                expressions.compare(Registers.FIRST, true, 0);
            }
            case Statement.SetMark(int bits) -> mark(~bits, bits);
            case Statement.FlipMark(int bits) -> mark(ALL, bits);
            case Statement.LookUpVerdict(Expression key, SetName map) -> {
                require(key);
                load(key, Registers.FIRST);
                expressions.lookUpInto(NFT_REG_VERDICT, map, Registers.FIRST);
            }
            case Statement.Dnat(Expression key, SetName map) -> {
                require(key);
                load(key, Registers.FIRST);
                expressions.lookUpInto(Registers.FIRST, map, Registers.FIRST);
                expressions.dnat(family, Registers.FIRST, Registers.after(Registers.FIRST, family.bits() / Byte.SIZE));
            }
            case Statement.DnatOfTwo(Expression key, SetName addresses, SetName ports) -> {
                require(key);
                load(key, Registers.FIRST);
                expressions.lookUpInto(Registers.FIRST, addresses, Registers.FIRST);
                int port = Registers.afterWhole(Registers.FIRST, family.bits() / Byte.SIZE);
                load(key, port);
                expressions.lookUpInto(port, ports, port);
                expressions.dnat(family, Registers.FIRST, port);
            }
            case Statement.Update(SetName map, Expression key, Expression data) ->
                change(map, NFT_DYNSET_OP_UPDATE, key, data);
            case Statement.Delete(SetName map, Expression key, Expression data) ->
                change(map, NFT_DYNSET_OP_DELETE, key, data);
            case Statement.Masquerade _ -> expressions.masquerade();
            case Statement.Reject(Refusal with) -> {
                if (with == Refusal.TCP_RESET) {
                    protocolIs(List.of(Protocol.TCP));
                }
                expressions.reject(with, family);
            }
            case Statement.Decide(var verdict) -> expressions.decide(verdict);
            case Statement.ForeignRule(String text) ->
                throw new IllegalArgumentException("not a rule that Fairlead writes: " + text);
        }
    }

    private void connectionHas(int key, int bit) {
        expressions.connectionInto(Registers.FIRST, key);
        expressions.bits(Registers.FIRST, bit, 0);
        expressions.compare(Registers.FIRST, false, 0);
    }

    private void mark(int mask, int flip) {
        expressions.metaInto(Registers.FIRST, NFT_META_MARK);
        expressions.bits(Registers.FIRST, mask, flip);
        expressions.metaFrom(Registers.FIRST, NFT_META_MARK);
    }

    private void protocolIs(List<Protocol> protocols) {
        expressions.metaInto(Registers.FIRST, NFT_META_L4PROTO);
        if (protocols.size() == 1) {
            known = protocols.getFirst();
            expressions.compareByte(Registers.FIRST, known.number());
        } else {
            expressions.lookUpAnonymous(set++, Registers.FIRST, false);
        }
    }

    private void addressIn(Field field, boolean negated, List<Cidr> prefixes) {
        int length = family.bits() / Byte.SIZE;
        if (prefixes.size() > 1) {
            load(field, Registers.FIRST);
            expressions.lookUpAnonymous(set++, Registers.FIRST, negated);
            return;
        }
        Cidr prefix = prefixes.getFirst();
        byte[] network = prefix.network().bytes();
        int bits = prefix.prefixLength();
        if (bits > 0 && bits % Byte.SIZE == 0) {
            // Like nft, load and compare only the bytes that the prefix covers.
            address(field, Registers.FIRST, bits / Byte.SIZE);
            expressions.compare(Registers.FIRST, !negated, network, bits / Byte.SIZE);
        } else {
            address(field, Registers.FIRST, length);
            expressions.prefix(Registers.FIRST, length, bits);
            expressions.compare(Registers.FIRST, !negated, network, length);
        }
    }

    private void change(SetName map, int operation, Expression key, Expression data) {
        require(key);
        require(data);
        int dataRegister = Registers.afterWhole(Registers.FIRST, length(key));
        load(key, Registers.FIRST);
        load(data, dataRegister);
        expressions.change(map, operation, Registers.FIRST, dataRegister);
    }

    /** Matches the protocol of each TCP, UDP or SCTP port in an expression, unless the rule has already matched it. */
    private void require(Expression expression) {
        for (Expression part : expression.parts()) {
            Protocol needed = switch (part) {
                case Field.TCP_PORT -> Protocol.TCP;
                case Field.UDP_PORT -> Protocol.UDP;
                case Field.SCTP_PORT -> Protocol.SCTP;
                case Field _, Expression.Random _, Expression.Concatenation _ -> null;
            };
            if (needed != null && needed != known) {
                known = needed;
                expressions.metaInto(Registers.FIRST, NFT_META_L4PROTO);
                expressions.compareByte(Registers.FIRST, needed.number());
            }
        }
    }

    private void load(Expression expression, int register) {
        int next = register;
        for (Expression part : expression.parts()) {
            switch (part) {
                case Field field -> load(field, next);
                case Expression.Random(int modulus) -> expressions.randomInto(next, modulus);
                case Expression.Concatenation nested ->
                    throw new IllegalArgumentException("concatenation in a concatenation: " + nested);
            }
            next = Registers.after(next, length(part));
        }
    }

    private void load(Field field, int register) {
        switch (field) {
            case SOURCE_ADDRESS, DESTINATION_ADDRESS -> address(field, register, family.bits() / Byte.SIZE);
            case PROTOCOL -> expressions.metaInto(register, NFT_META_L4PROTO);
            case PORT, TCP_PORT, UDP_PORT, SCTP_PORT ->
                expressions.payloadInto(register, NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2);
            case ORIGINAL_ADDRESS ->
                expressions.originalInto(
                        register,
                        switch (family) {
                            case IPV4 -> NFT_CT_DST_IP;
                            case IPV6 -> NFT_CT_DST_IP6;
                        });
            case ORIGINAL_PORT -> expressions.originalInto(register, NFT_CT_PROTO_DST);
        }
    }

    /** Loads the first bytes of an address in the IP header into a register. */
    private void address(Field field, int register, int length) {
        boolean source = switch (field) {
            case SOURCE_ADDRESS -> true;
            case DESTINATION_ADDRESS -> false;
            case PROTOCOL, PORT, TCP_PORT, UDP_PORT, SCTP_PORT, ORIGINAL_ADDRESS, ORIGINAL_PORT ->
                throw new IllegalArgumentException("no address of the packet: " + field);
        };
        int offset = switch (family) {
            case IPV4 -> source ? 12 : 16;
            case IPV6 -> source ? 8 : 24;
        };
        expressions.payloadInto(register, NFT_PAYLOAD_NETWORK_HEADER, offset, length);
    }

    private int length(Expression expression) {
        int length = 0;
        for (Expression part : expression.parts()) {
            int own = switch (part) {
                case Field.SOURCE_ADDRESS, Field.DESTINATION_ADDRESS, Field.ORIGINAL_ADDRESS ->
                    family.bits() / Byte.SIZE;
                case Field.PROTOCOL -> 1;
                case Field.PORT, Field.TCP_PORT, Field.UDP_PORT, Field.SCTP_PORT, Field.ORIGINAL_PORT -> 2;
                case Expression.Random _ -> Integer.BYTES;
                case Expression.Concatenation _ -> 0;
            };
            length += Registers.padded(own);
        }
        return length;
    }
}
