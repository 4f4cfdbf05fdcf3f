package io.fairlead.nft.rule;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The key of an element in a set or map. All elements of one set have keys of the same kind. */
public sealed interface ElementKey extends Comparable<ElementKey> {

    /** The address, protocol and port of a Service. */
    record Vip(Ip ip, Protocol protocol, int port) implements ElementKey {}

    /** A protocol and port on the node's own addresses. */
    record NodePort(Protocol protocol, int port) implements ElementKey {}

    /**
     * An endpoint slot in the pool of a Service address and port. A slot is the number of an endpoint in its pool,
     * counted from 0.
     */
    record VipSlot(Ip ip, int port, int index) implements ElementKey {}

    /** An endpoint slot in the pool of a node port. */
    record NodePortSlot(int port, int index) implements ElementKey {}

    /** An endpoint slot in a pool for which there is a separate map. */
    record Slot(Protocol protocol, int index) implements ElementKey {}

    /** An IP address. */
    record Address(Ip ip) implements ElementKey {}

    /** All addresses from {@code first} to {@code last}, both included. */
    record Range(Ip first, Ip last) implements ElementKey {
        /**
         * Checks the order of the addresses.
         *
         * @throws IllegalArgumentException if the last address is before the first, or if their families differ
         */
        public Range {
            if (first.family() != last.family() || last.compareTo(first) < 0) {
                throw new IllegalArgumentException("not a range: " + first + "-" + last);
            }
        }

        /** Returns the addresses of a prefix. */
        public static Range of(Cidr cidr) {
            byte[] last = cidr.network().bytes();
            for (int bit = cidr.prefixLength(); bit < cidr.family().bits(); bit++) {
                last[bit / 8] |= (byte) (0x80 >>> bit % 8);
            }
            return new Range(cidr.network(), Ip.of(last));
        }

        /** Returns the prefix that contains exactly these addresses; empty if no prefix does. */
        public Optional<Cidr> asPrefix() {
            byte[] low = first.bytes();
            byte[] high = last.bytes();
            int length = 0;
            while (length < first.family().bits()
                    && ((low[length / 8] ^ high[length / 8]) & 0x80 >>> length % 8) == 0) {
                length++;
            }
            Cidr cidr = new Cidr(first, length);
            return equals(of(cidr)) ? Optional.of(cidr) : Optional.empty();
        }

        /** Returns whether the address is in the range. */
        public boolean contains(Ip ip) {
            return ip.family() == first.family() && first.compareTo(ip) <= 0 && ip.compareTo(last) <= 0;
        }

        /**
         * Returns the shortest sorted list of ranges with the same addresses. The kernel refuses ranges that overlap.
         * nft sometimes joins adjacent ranges and sometimes does not. Therefore ranges are joined both before they are
         * written and after they are read, so that they can be compared.
         */
        public static List<Range> join(Collection<Range> ranges) {
            List<Range> joined = new ArrayList<>();
            for (Range range : new TreeSet<>(ranges)) {
                Range before = joined.isEmpty() ? null : joined.getLast();
                if (before != null && before.reaches(range)) {
                    joined.removeLast();
                    joined.add(
                            new Range(before.first, range.last.compareTo(before.last) > 0 ? range.last : before.last));
                } else {
                    joined.add(range);
                }
            }
            return List.copyOf(joined);
        }

        private boolean reaches(Range next) {
            return next.first.compareTo(last) <= 0
                    || new BigInteger(1, next.first.bytes())
                            .equals(new BigInteger(1, last.bytes()).add(BigInteger.ONE));
        }
    }

    /** A source address and a destination, which consists of address, protocol and port. */
    record Pair(Ip source, Ip destination, Protocol protocol, int port) implements ElementKey {}

    /** An IP address and a port. */
    record Socket(IpPort address) implements ElementKey {}

    /**
     * Returns slot 0 of the same pool. This key represents the pool.
     *
     * @throws IllegalArgumentException if this is not a slot
     */
    default ElementKey pool() {
        return switch (this) {
            case VipSlot(Ip ip, int port, var _) -> new VipSlot(ip, port, 0);
            case NodePortSlot(int port, var _) -> new NodePortSlot(port, 0);
            case Slot(Protocol protocol, var _) -> new Slot(protocol, 0);
            case Vip _, NodePort _, Address _, Range _, Pair _, Socket _ ->
                throw new IllegalArgumentException("no place in a pool: " + this);
        };
    }

    /**
     * Returns whether both are slots of one pool.
     *
     * @throws IllegalArgumentException if this is not a slot
     */
    default boolean sharesPool(ElementKey other) {
        return switch (this) {
            case VipSlot(Ip ip, int port, var _) ->
                other instanceof VipSlot(Ip ofOther, int itsPort, var _) && port == itsPort && ip.equals(ofOther);
            case NodePortSlot(int port, var _) -> other instanceof NodePortSlot(int itsPort, var _) && port == itsPort;
            case Slot(Protocol protocol, var _) ->
                other instanceof Slot(Protocol ofOther, var _) && protocol == ofOther;
            case Vip _, NodePort _, Address _, Range _, Pair _, Socket _ ->
                throw new IllegalArgumentException("no place in a pool: " + this);
        };
    }

    /** Orders by the parts of the key from left to right: addresses, protocols and ports as numbers. */
    @Override
    default int compareTo(ElementKey other) {
        return switch (this) {
            case Vip(Ip ip, Protocol protocol, int port)
            when other instanceof Vip o -> {
                int byIp = ip.compareTo(o.ip);
                int byProtocol = byIp != 0 ? byIp : protocol.compareTo(o.protocol);
                yield byProtocol != 0 ? byProtocol : Integer.compare(port, o.port);
            }
            case NodePort(Protocol protocol, int port)
            when other instanceof NodePort o ->
                protocol != o.protocol ? protocol.compareTo(o.protocol) : Integer.compare(port, o.port);
            case VipSlot(Ip ip, int port, int index)
            when other instanceof VipSlot o -> {
                int byIp = ip.compareTo(o.ip);
                int byPort = byIp != 0 ? byIp : Integer.compare(port, o.port);
                yield byPort != 0 ? byPort : Integer.compare(index, o.index);
            }
            case NodePortSlot(int port, int index)
            when other instanceof NodePortSlot o ->
                port != o.port ? Integer.compare(port, o.port) : Integer.compare(index, o.index);
            case Slot(Protocol protocol, int index)
            when other instanceof Slot o ->
                protocol != o.protocol ? protocol.compareTo(o.protocol) : Integer.compare(index, o.index);
            case Address(Ip ip) when other instanceof Address o -> ip.compareTo(o.ip);
            case Range(Ip first, Ip last)
            when other instanceof Range o -> first.equals(o.first) ? last.compareTo(o.last) : first.compareTo(o.first);
            case Pair(Ip source, Ip destination, Protocol protocol, int port)
            when other instanceof Pair o -> {
                int bySource = source.compareTo(o.source);
                int byDestination = bySource != 0 ? bySource : destination.compareTo(o.destination);
                int byProtocol = byDestination != 0 ? byDestination : protocol.compareTo(o.protocol);
                yield byProtocol != 0 ? byProtocol : Integer.compare(port, o.port);
            }
            case Socket(IpPort address)
            when other instanceof Socket o -> {
                int byIp = address.ip().compareTo(o.address.ip());
                yield byIp != 0 ? byIp : Integer.compare(address.port(), o.address.port());
            }
            case Vip _, NodePort _, VipSlot _, NodePortSlot _, Slot _, Address _, Range _, Pair _, Socket _ ->
                throw new IllegalArgumentException("keys of two kinds in one set: " + this + " and " + other);
        };
    }
}
