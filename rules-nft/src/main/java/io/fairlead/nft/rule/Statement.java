package io.fairlead.nft.rule;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Protocol;
import java.util.List;
import java.util.regex.Pattern;

/** One part of a rule. Statements run from left to right; the first match that fails ends the rule. */
public sealed interface Statement {

    /** Matches the first packet of a connection. */
    record NewConnection() implements Statement {}

    /** Matches a connection whose destination was translated, by any program. */
    record DestinationTranslated() implements Statement {}

    /** Matches the transport protocol. */
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

    /** Matches an address in one of these prefixes, or in none of them. */
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

    /** Matches if the set has the element, or if it has not. */
    record InSet(Expression key, boolean negated, SetName set) implements Statement {}

    /** Matches an address of this host. */
    record IsLocal(Expression.Field field) implements Statement {}

    /**
     * Matches the input interface; "" for packets of this host.
     *
     * @param prefix whether {@code name} is only a prefix of the interface's name
     */
    record InputInterface(boolean negated, InterfaceName name, boolean prefix) implements Statement {}

    /** Matches a mark without any of these bits. */
    record MarkIsUnset(int bits) implements Statement {}

    /** Sets bits of the mark. */
    record SetMark(int bits) implements Statement {}

    /** Flips bits of the mark. */
    record FlipMark(int bits) implements Statement {}

    /** Applies the verdict of an element, if there is one. */
    record LookUpVerdict(Expression key, SetName map) implements Statement {}

    /** Changes the destination to the endpoint of an element, if there is one. */
    record Dnat(Expression key, SetName map) implements Statement {}

    /** Changes the destination to an address from one map and a port from another, if both have the element. */
    record DnatOfTwo(Expression key, SetName addresses, SetName ports) implements Statement {}

    /** Adds an element to a map, or restarts its time-out. */
    record Update(SetName map, Expression key, Expression data) implements Statement {}

    /** Deletes an element of a map, if it exists. */
    record Delete(SetName map, Expression key, Expression data) implements Statement {}

    /** Changes the source to an address of the output interface, with a random port. */
    record Masquerade() implements Statement {}

    /** Rejects with an ICMP error (port unreachable). */
    record Reject() implements Statement {}

    /** A verdict. */
    record Decide(Verdict verdict) implements Statement {}

    /** A whole foreign rule, as nft prints it. */
    record ForeignRule(String text) implements Statement {}

    /** Returns the sets and maps that this statement reads or fills. */
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
