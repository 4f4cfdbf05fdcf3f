package io.fairlead.nft.rule;

import java.util.List;

/** A value that a rule computes from a packet: the key of a lookup, or the data of an element. */
public sealed interface Expression {

    /** A field of the packet or of its conntrack entry. In an IPv6 table, the addresses are IPv6. */
    enum Field implements Expression {
        SOURCE_ADDRESS,
        DESTINATION_ADDRESS,
        PROTOCOL,
        /** The destination port, for every transport protocol. */
        PORT,
        TCP_PORT,
        UDP_PORT,
        SCTP_PORT,
        /** The destination address before DNAT. */
        ORIGINAL_ADDRESS,
        /** The destination port before DNAT. */
        ORIGINAL_PORT
    }

    /**
     * A random number from 0 to {@code modulus - 1}. All numbers have the same probability.
     *
     * @param modulus at least 1
     */
    record Random(int modulus) implements Expression {
        /**
         * Checks the modulus.
         *
         * @throws IllegalArgumentException if the modulus is less than 1
         */
        public Random {
            if (modulus < 1) {
                throw new IllegalArgumentException("modulus out of range: " + modulus);
            }
        }
    }

    /** Several values that are joined to one key. */
    record Concatenation(List<Expression> parts) implements Expression {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if there are fewer than two parts, or if a part is a concatenation
         */
        public Concatenation {
            parts = List.copyOf(parts);
            if (parts.size() < 2 || parts.stream().anyMatch(Concatenation.class::isInstance)) {
                throw new IllegalArgumentException("not a concatenation of single values: " + parts);
            }
        }
    }

    /** Returns the concatenation of these values. If there is only one value, returns that value. */
    static Expression of(Expression... parts) {
        return parts.length == 1 ? parts[0] : new Concatenation(List.of(parts));
    }

    /** Returns the values that are joined, in order. For any other expression, returns the expression itself. */
    default List<Expression> parts() {
        return switch (this) {
            case Field field -> List.of(field);
            case Random random -> List.of(random);
            case Concatenation(List<Expression> parts) -> parts;
        };
    }
}
