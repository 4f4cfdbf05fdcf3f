package io.fairlead.nft.rule;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.rules.Refusal;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One part of a rule. The kernel executes the statements of a rule from left to right. If a statement does not match,
 * the rest of the rule is skipped.
 */
public sealed interface Statement {

    /** Matches the first packet of a connection. */
    record NewConnection() implements Statement {}

    /** Matches a packet of a connection whose destination was translated, by Fairlead or another program. */
    record DestinationTranslated() implements Statement {}

    /** Matches a packet of one of these transport protocols. */
    record ProtocolIs(List<Protocol> protocols) implements Statement {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if the list is empty
         */
        public ProtocolIs {
            protocols = List.copyOf(protocols);
            if (protocols.isEmpty()) {
                throw new IllegalArgumentException("no protocol");
            }
        }
    }

    /** Matches if the address is in one of these prefixes, or, if negated, in none of them. */
    record AddressIn(Expression.Field field, boolean negated, List<Cidr> prefixes) implements Statement {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if the list is empty
         */
        public AddressIn {
            prefixes = List.copyOf(prefixes);
            if (prefixes.isEmpty()) {
                throw new IllegalArgumentException("no prefix");
            }
        }
    }

    /**
     * Matches by chance: on average, {@code part} of {@code whole} packets match.
     *
     * @param part at least 1, less than {@code whole}
     */
    record Chance(int part, int whole) implements Statement {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if all packets match, or none
         */
        public Chance {
            if (part < 1 || part >= whole) {
                throw new IllegalArgumentException("no chance: " + part + " of " + whole);
            }
        }
    }

    /** Matches if the set contains the key, or, if negated, does not contain it. */
    record InSet(Expression key, boolean negated, SetName set) implements Statement {}

    /** Matches if the address belongs to this host. */
    record IsLocal(Expression.Field field) implements Statement {}

    /**
     * Matches the interface through which the packet arrived. For packets that this host sends, the name of the
     * interface is "".
     *
     * @param prefix whether {@code name} is only a prefix of the interface's name
     */
    record InputInterface(boolean negated, InterfaceName name, boolean prefix) implements Statement {}

    /** Matches if none of these bits is set in the packet mark. */
    record MarkIsUnset(int bits) implements Statement {}

    /** Sets these bits of the packet mark. */
    record SetMark(int bits) implements Statement {}

    /** Flips these bits of the packet mark. */
    record FlipMark(int bits) implements Statement {}

    /** Looks up an element of a map. If the element exists, applies its verdict. */
    record LookUpVerdict(Expression key, SetName map) implements Statement {}

    /** Looks up an element of a map. If the element exists, replaces the destination by its endpoint. */
    record Dnat(Expression key, SetName map) implements Statement {}

    /**
     * Looks up an element in two maps. If both elements exist, replaces the destination by the address from one map and
     * the port from the other.
     */
    record DnatOfTwo(Expression key, SetName addresses, SetName ports) implements Statement {}

    /** Adds an element to a map. If the element exists, restarts its time-out. */
    record Update(SetName map, Expression key, Expression data) implements Statement {}

    /** Deletes an element from a map if it exists. */
    record Delete(SetName map, Expression key, Expression data) implements Statement {}

    /** Replaces the source by an address of the output interface and a random port. */
    record Masquerade() implements Statement {}

    /** Rejects the packet. With a TCP reset, it rejects TCP packets only, and other packets meet the next rule. */
    record Reject(Refusal with) implements Statement {}

    /** Applies a verdict. */
    record Decide(Verdict verdict) implements Statement {}

    /** A whole rule that Fairlead cannot have written, as nft prints it. */
    record ForeignRule(String text) implements Statement {}

    /** Returns the sets and maps that this statement reads or changes. */
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
                    Chance _,
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
