package io.fairlead.nft.trace;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.trace.Packet;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.Expression;
import io.fairlead.nft.rule.Expression.Field;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.SetType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Computes the values of expressions for a packet, and finds elements by these values. */
final class Lookup {
    private Lookup() {}

    /**
     * One possible value of an expression, with its probability.
     *
     * @param parts the values of the parts of a concatenation; one part for any other expression
     * @param chance the probability of this value, greater than 0, at most 1
     */
    record Value(List<Object> parts, double chance) {}

    /**
     * Returns every value of an expression, over all random numbers. If the packet does not have a field of the
     * expression, returns an empty list; the rule then does not match.
     */
    static List<Value> values(Expression expression, Packet packet) {
        List<Value> values = List.of(new Value(List.of(), 1.0));
        for (Expression part : expression.parts()) {
            List<Value> longer = new ArrayList<>();
            for (Value value : values) {
                List<Object> next = part(part, packet);
                next.forEach(one -> {
                    List<Object> parts = new ArrayList<>(value.parts());
                    parts.add(one);
                    longer.add(new Value(parts, value.chance() / next.size()));
                });
            }
            values = longer;
        }
        return values;
    }

    private static List<Object> part(Expression part, Packet packet) {
        return switch (part) {
            case Field field -> field(field, packet).map(List::of).orElse(List.of());
            case Expression.Random(int modulus) -> {
                List<Object> numbers = new ArrayList<>(modulus);
                for (int i = 0; i < modulus; i++) {
                    numbers.add(i);
                }
                yield numbers;
            }
            case Expression.Concatenation nested -> throw new IllegalArgumentException("nested: " + nested);
        };
    }

    private static Optional<Object> field(Field field, Packet packet) {
        return switch (field) {
            case SOURCE_ADDRESS -> Optional.of(packet.from());
            case DESTINATION_ADDRESS -> Optional.of(packet.to().ip());
            case PROTOCOL -> Optional.of(packet.flow().protocol());
            case PORT -> Optional.of(packet.to().port());
            case TCP_PORT -> port(packet, Protocol.TCP);
            case UDP_PORT -> port(packet, Protocol.UDP);
            case SCTP_PORT -> port(packet, Protocol.SCTP);
            case ORIGINAL_ADDRESS -> Optional.of(packet.flow().to());
            case ORIGINAL_PORT -> Optional.of(packet.flow().port());
        };
    }

    private static Optional<Object> port(Packet packet, Protocol protocol) {
        return packet.flow().protocol() == protocol ? Optional.of(packet.to().port()) : Optional.empty();
    }

    /**
     * Returns the element with this key, or the range that contains the key; null if there is none. Affinity maps count
     * as empty, because the client of the packet is new.
     */
    static @Nullable Element find(NamedSet set, Value value) {
        Parts parts = new Parts(set, value.parts());
        return switch (set.type()) {
            case SetType.Addresses _ -> set.find(new ElementKey.Address(parts.ip(0, 1)));
            case SetType.Ranges _ -> range(set, parts.ip(0, 1));
            case SetType.Pairs _ ->
                set.find(new ElementKey.Pair(parts.ip(0, 4), parts.ip(1, 4), parts.protocol(2, 4), parts.number(3, 4)));
            case SetType.Sockets _ -> set.find(new ElementKey.Socket(new IpPort(parts.ip(0, 2), parts.number(1, 2))));
            case SetType.VipVerdicts _ ->
                set.find(new ElementKey.Vip(parts.ip(0, 3), parts.protocol(1, 3), parts.number(2, 3)));
            case SetType.NodePortVerdicts _ ->
                set.find(new ElementKey.NodePort(parts.protocol(0, 2), parts.number(1, 2)));
            case SetType.VipEndpoints _ ->
                set.find(new ElementKey.VipSlot(parts.ip(0, 3), parts.number(1, 3), parts.number(2, 3)));
            case SetType.NodePortEndpoints _ ->
                set.find(new ElementKey.NodePortSlot(parts.number(0, 2), parts.number(1, 2)));
            case SetType.PoolEndpoints _ -> set.find(new ElementKey.Slot(parts.protocol(0, 2), parts.number(1, 2)));
            case SetType.Affinity _ -> null;
            case SetType.Foreign(var _, String text)
            when text.contains("flags dynamic,timeout") -> null; // kube-proxy's
            case SetType.Foreign _ -> throw new IllegalArgumentException("set of unknown type " + set.name());
        };
    }

    private static @Nullable Element range(NamedSet set, Ip ip) {
        Ip highest = ElementKey.Range.of(new Cidr(ip, 0)).last();
        Element element = set.floor(new ElementKey.Range(ip, highest));
        return element != null && element.key() instanceof ElementKey.Range range && range.contains(ip)
                ? element
                : null;
    }

    /** The parts of a key. Throws an exception if a part does not have the type that the set needs. */
    private record Parts(NamedSet set, List<Object> values) {
        Ip ip(int index, int of) {
            return as(Ip.class, index, of);
        }

        Protocol protocol(int index, int of) {
            return as(Protocol.class, index, of);
        }

        int number(int index, int of) {
            return as(Integer.class, index, of);
        }

        private <T> T as(Class<T> kind, int index, int of) {
            if (values.size() != of || !kind.isInstance(values.get(index))) {
                throw new IllegalArgumentException("key " + values + " for " + set.name());
            }
            return kind.cast(values.get(index));
        }
    }
}
