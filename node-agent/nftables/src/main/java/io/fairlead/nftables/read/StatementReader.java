package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.rules.Refusal;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.Expression;
import io.fairlead.nft.rule.Expression.Field;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Converts the steps of a rule to the statements that Fairlead writes. If Fairlead writes no statement like one of the
 * steps, the rule is foreign.
 */
final class StatementReader {
    private static final int NEW = 8;
    private static final int TRANSLATED = 1 << 5;
    private static final int LOCAL = 2;
    private static final int FULLY_RANDOM = 1 << 4;
    private static final int INTERFACE_NAME = 16;
    private static final int ALL = -1;

    private final IpFamily family;
    private final int addressLength;
    private @Nullable Protocol known;

    private StatementReader(IpFamily family) {
        this.family = family;
        this.addressLength = family.bits() / Byte.SIZE;
    }

    /**
     * Returns the statements of a rule.
     *
     * @throws IllegalArgumentException if Fairlead does not write such a rule
     */
    static List<Statement> read(List<Step> steps, IpFamily family) {
        StatementReader reader = new StatementReader(family);
        List<Statement> statements = new ArrayList<>(steps.size());
        for (Protocols.Placed placed : Protocols.of(steps)) {
            reader.known = placed.protocol();
            statements.add(reader.statement(placed.step()));
        }
        return statements;
    }

    private Statement statement(Step step) {
        return switch (step) {
            case Step.Compare(Value.Numgen(var random, int modulus, int offset, var turned), int operator, Bytes right)
            when random && turned && offset == 0 && operator == NFT_CMP_LT ->
                new Statement.Chance((int) right.number(false), modulus);
            case Step.Compare(Value left, int operator, Bytes right) -> comparison(left, negated(operator), right);
            case Step.LookUp(List<Value> key, RawSet set, boolean negated) ->
                set.isAnonymous()
                        ? among(single(key), set, negated)
                        : new Statement.InSet(expression(key), negated, named(set));
            case Step.LookUpVerdict(List<Value> key, RawSet map) ->
                new Statement.LookUpVerdict(expression(key), named(map));
            case Step.Decide(RawVerdict verdict) -> new Statement.Decide(verdict.verdict());
            case Step.SetMeta(int key, Value value) -> mark(key, value);
            case Step.Nat(int type, Value address, Value port, int flags) -> dnat(type, address, port, flags);
            case Step.Masquerade(int flags) -> {
                require(flags == FULLY_RANDOM);
                yield new Statement.Masquerade();
            }
            case Step.Reject(int type, int code) -> {
                if (type == NFT_REJECT_TCP_RST && known == Protocol.TCP) {
                    yield new Statement.Reject(Refusal.TCP_RESET);
                }
                require(type == NFT_REJECT_ICMP_UNREACH && code == portUnreachable());
                yield new Statement.Reject(Refusal.PORT_UNREACHABLE);
            }
            case Step.Change(int operation, RawSet map, List<Value> key, List<Value> data, boolean plain) -> {
                require(plain && !data.isEmpty());
                yield switch (operation) {
                    case NFT_DYNSET_OP_UPDATE -> new Statement.Update(named(map), expression(key), expression(data));
                    case NFT_DYNSET_OP_DELETE -> new Statement.Delete(named(map), expression(key), expression(data));
                    default -> throw new NotOursException("operation " + operation);
                };
            }
        };
    }

    private int portUnreachable() {
        return switch (family) {
            case IPV4 -> 3;
            case IPV6 -> 4;
        };
    }

    private Statement comparison(Value left, boolean negated, Bytes right) {
        return switch (left) {
            case Value.Bits(Value.Ct(int key, int direction, var _), Bytes mask, Bytes flip)
            when direction < 0 && flip.isZero() && right.isZero() && negated -> connection(key, mask.u32Host(0));
            case Value.Bits(Value.Meta(int key, var _), Bytes mask, Bytes flip)
            when key == NFT_META_MARK && flip.isZero() && right.isZero() && !negated ->
                new Statement.MarkIsUnset(mask.u32Host(0));
            case Value.Bits(Value.Payload payload, Bytes mask, Bytes flip)
            when flip.isZero() && mask.prefixLength() >= 0 && payload.length() == addressLength ->
                new Statement.AddressIn(
                        address(payload), negated, List.of(new Cidr(right.ip(0, addressLength), mask.prefixLength())));
            case Value.Payload payload ->
                new Statement.AddressIn(
                        address(payload),
                        negated,
                        List.of(new Cidr(right.ip(0, addressLength), payload.length() * Byte.SIZE)));
            case Value.Meta(int key, var _)
            when key == NFT_META_L4PROTO && !negated -> new Statement.ProtocolIs(List.of(protocol(right)));
            case Value.Meta(int key, var _)
            when key == NFT_META_IIFNAME ->
                new Statement.InputInterface(negated, new InterfaceName(right.text()), right.length() < INTERFACE_NAME);
            case Value.Fib(int result, int flags, var _)
            when result == NFT_FIB_RESULT_ADDRTYPE && right.u32Host(0) == LOCAL && !negated ->
                new Statement.IsLocal(
                        switch (flags) {
                            case NFTA_FIB_F_SADDR -> Field.SOURCE_ADDRESS;
                            case NFTA_FIB_F_DADDR -> Field.DESTINATION_ADDRESS;
                            default -> throw new NotOursException("fib " + flags);
                        });
            case Value.Bits _,
                    Value.Meta _,
                    Value.Ct _,
                    Value.Fib _,
                    Value.Numgen _,
                    Value.Constant _,
                    Value.Mapped _ -> throw new NotOursException("comparison of " + left);
        };
    }

    private static Statement connection(int key, int mask) {
        if (key == NFT_CT_STATE && mask == NEW) {
            return new Statement.NewConnection();
        }
        require(key == NFT_CT_STATUS && mask == TRANSLATED);
        return new Statement.DestinationTranslated();
    }

    /** Reads a match against an anonymous set. */
    private Statement among(Value value, RawSet set, boolean negated) {
        if (value instanceof Value.Meta(int key, var _) && key == NFT_META_L4PROTO && !negated) {
            return new Statement.ProtocolIs(set.elements().stream()
                    .map(element -> protocol(element.key()))
                    .sorted()
                    .toList());
        }
        require(value instanceof Value.Payload payload && payload.length() == addressLength);
        List<Cidr> prefixes = new ArrayList<>();
        if (set.hasIntervals()) {
            for (ElementKey.Range range : Intervals.addresses(set.elements(), family)) {
                prefixes.addAll(Intervals.prefixes(range));
            }
        } else {
            set.elements()
                    .forEach(element -> prefixes.add(Cidr.ofHost(element.key().ip(0, addressLength))));
        }
        return new Statement.AddressIn(
                address((Value.Payload) value),
                negated,
                prefixes.stream().sorted().toList());
    }

    private static Statement mark(int key, Value value) {
        if (key == NFT_META_MARK
                && value instanceof Value.Bits(Value.Meta(int of, var _), Bytes mask, Bytes flip)
                && of == NFT_META_MARK) {
            int bits = flip.u32Host(0);
            if (mask.u32Host(0) == ~bits) {
                return new Statement.SetMark(bits);
            }
            require(mask.u32Host(0) == ALL);
            return new Statement.FlipMark(bits);
        }
        throw new NotOursException("meta " + key);
    }

    private Statement dnat(int type, @Nullable Value address, @Nullable Value port, int flags) {
        require(type == NFT_NAT_DNAT && flags == 0);
        if (address instanceof Value.Mapped(List<Value> key, RawSet map)
                && port instanceof Value.Mapped(List<Value> keyOfPort, RawSet ports)) {
            if (map.equals(ports)) {
                require(map.dataLength() > addressLength);
                return new Statement.Dnat(expression(key), named(map));
            }
            require(key.equals(keyOfPort));
            return new Statement.DnatOfTwo(expression(key), named(map), named(ports));
        }
        throw new NotOursException("dnat to " + address);
    }

    private Expression expression(List<Value> parts) {
        return Expression.of(parts.stream().map(this::part).toArray(Expression[]::new));
    }

    private Expression part(Value value) {
        return switch (value) {
            case Value.Payload(int base, int offset, int length)
            when base == NFT_PAYLOAD_TRANSPORT_HEADER && offset == 2 && length == 2 -> port();
            case Value.Payload payload -> {
                require(payload.length() == addressLength);
                yield address(payload);
            }
            case Value.Meta(int key, var _) when key == NFT_META_L4PROTO -> Field.PROTOCOL;
            case Value.Ct(int key, int direction, var _)
            when key == NFT_CT_PROTO_DST && direction == 0 -> Field.ORIGINAL_PORT;
            case Value.Ct(int key, int direction, int length)
            when (key == NFT_CT_DST_IP || key == NFT_CT_DST_IP6) && direction == 0 && length == addressLength ->
                Field.ORIGINAL_ADDRESS;
            case Value.Numgen(boolean random, int modulus, int offset, boolean turned)
            when random && offset == 0 && !turned -> new Expression.Random(modulus);
            case Value.Meta _,
                    Value.Ct _,
                    Value.Numgen _,
                    Value.Fib _,
                    Value.Constant _,
                    Value.Bits _,
                    Value.Mapped _ -> throw new NotOursException("key " + value);
        };
    }

    private Field port() {
        return switch (known) {
            case null -> Field.PORT;
            case TCP -> Field.TCP_PORT;
            case UDP -> Field.UDP_PORT;
            case SCTP -> Field.SCTP_PORT;
        };
    }

    private Field address(Value.Payload payload) {
        require(payload.base() == NFT_PAYLOAD_NETWORK_HEADER && payload.length() <= addressLength);
        boolean ipv4 = family == IpFamily.IPV4;
        if (payload.offset() == (ipv4 ? 12 : 8)) {
            return Field.SOURCE_ADDRESS;
        }
        require(payload.offset() == (ipv4 ? 16 : 24));
        return Field.DESTINATION_ADDRESS;
    }

    private static boolean negated(int operator) {
        require(operator == NFT_CMP_EQ || operator == NFT_CMP_NEQ);
        return operator == NFT_CMP_NEQ;
    }

    private static Value single(List<Value> key) {
        require(key.size() == 1);
        return key.getFirst();
    }

    private static SetName named(RawSet set) {
        require(!set.isAnonymous());
        return new SetName(set.name());
    }

    private static Protocol protocol(Bytes bytes) {
        Protocol protocol = bytes.length() == 0 ? null : Protocols.byNumber(bytes.u8(0));
        if (protocol == null) {
            throw new NotOursException("protocol " + bytes);
        }
        return protocol;
    }

    private static void require(boolean ours) {
        if (!ours) {
            throw new NotOursException("not in Fairlead's form");
        }
    }

    /** Returns the address that begins with these bytes; the missing bytes are 0. */
    static Ip address(Bytes bytes, IpFamily family) {
        return bytes.ip(0, family.bits() / Byte.SIZE);
    }
}
