package io.fairlead.nft.rule;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Protocol;
import java.util.List;
import java.util.regex.Pattern;

/** One part of a rule. Statements run from left to right; the first match that fails ends the rule. */
public sealed interface Statement {

    /** First packet of a connection. */
    record NewConnection() implements Statement {}

    /** Somebody has changed the destination of this connection. */
    record DestinationTranslated() implements Statement {}

    /** Transport protocol. */
    record ProtocolIs(List<Protocol> protocols) implements Statement {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if it is empty
         */
        public ProtocolIs {
            protocols = List.copyOf(protocols);
            if (protocols.isEmpty()) {
                throw new IllegalArgumentException("no protocol");
            }
        }
    }

    /** Address in one of these prefixes, or in none of them. */
    record AddressIn(Expression.Field field, boolean negated, List<Cidr> prefixes) implements Statement {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if it is empty
         */
        public AddressIn {
            prefixes = List.copyOf(prefixes);
            if (prefixes.isEmpty()) {
                throw new IllegalArgumentException("no prefix");
            }
        }
    }

    /** An element is there, or is not. */
    record InSet(Expression key, boolean negated, SetName set) implements Statement {}

    /** The address is one of this host's own. */
    record IsLocal(Expression.Field field) implements Statement {}

    /**
     * The interface a packet came in on; "" for the host's own packets.
     *
     * @param prefix whether the name is only the first letters
     */
    record InputInterface(boolean negated, InterfaceName name, boolean prefix) implements Statement {}

    /** The mark has none of these bits. */
    record MarkIsUnset(int bits) implements Statement {}

    /** Sets bits of the mark. */
    record SetMark(int bits) implements Statement {}

    /** Turns bits of the mark over. */
    record FlipMark(int bits) implements Statement {}

    /** The verdict of an element, if there is one. */
    record LookUpVerdict(Expression key, SetName map) implements Statement {}

    /** Changes the destination to that of an element, if there is one. */
    record Dnat(Expression key, SetName map) implements Statement {}

    /** Changes the destination to an address of one map and a port of another, if both have the element. */
    record DnatOfTwo(Expression key, SetName addresses, SetName ports) implements Statement {}

    /** Puts an element into a map, or starts its time anew. */
    record Update(SetName map, Expression key, Expression data) implements Statement {}

    /** Takes an element out of a map, if it is there. */
    record Delete(SetName map, Expression key, Expression data) implements Statement {}

    /** Changes the source to that of the interface the packet leaves by, with a port chosen at random. */
    record Masquerade() implements Statement {}

    /** Refuses with an ICMP error (port unreachable). */
    record Reject() implements Statement {}

    /** A verdict. */
    record Decide(Verdict verdict) implements Statement {}

    /** A whole rule that is not one of ours, as nft prints it. */
    record ForeignRule(String text) implements Statement {}

    /** The sets and maps that this statement looks into or fills. */
    default List<SetName> sets() {
        return switch (this) {
            case InSet(var _, var _, SetName set) -> List.of(set);
            case LookUpVerdict(var _, SetName map) -> List.of(map);
            case Dnat(var _, SetName map) -> List.of(map);
            case DnatOfTwo(var _, SetName addresses, SetName ports) -> List.of(addresses, ports);
            case Update(SetName map, var _, var _) -> List.of(map);
            case Delete(SetName map, var _, var _) -> List.of(map);
            case ForeignRule(String text) ->
                Pattern.compile("@([A-Za-z_.][A-Za-z0-9_./-]*)")
                        .matcher(text)
                        .results()
                        .map(result -> new SetName(result.group(1)))
                        .toList();
            case NewConnection _,
                    DestinationTranslated _,
                    ProtocolIs _,
                    AddressIn _,
                    IsLocal _,
                    InputInterface _,
                    MarkIsUnset _,
                    SetMark _,
                    FlipMark _,
                    Masquerade _,
                    Reject _,
                    Decide _ -> List.of();
        };
    }
}
