package io.fairlead.nft.rule;

import java.util.List;

/** A value that a rule computes from a packet: the key of a lookup, or the data of an element. */
public sealed interface Expression {

    /** A field of the packet or of its conntrack entry. In an IPv6 table the addresses are IPv6. */
    enum Field implements Expression {
        SOURCE_ADDRESS,
        DESTINATION_ADDRESS,
        PROTOCOL,
        /** The destination port of any transport protocol. */
        PORT,
        TCP_PORT,
        UDP_PORT,
        SCTP_PORT,
        /** The destination address before the translation. */
        ORIGINAL_ADDRESS,
        /** The destination port before the translation. */
        ORIGINAL_PORT
    }

    /**
     * A random number.
     *
     * @param modulus at least 1; the number is in 0 to modulus - 1, each with the same probability
     */
    record Random(int modulus) implements Expression {
        /**
         * Checks the modulus.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Random {
            if (modulus < 1) {
                throw new IllegalArgumentException("modulus out of range: " + modulus);
            }
        }
    }

    /** Several values joined to one key. */
    record Concatenation(List<Expression> parts) implements Expression {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if there are fewer than two parts, or one is a concatenation itself
         */
        public Concatenation {
            parts = List.copyOf(parts);
            if (parts.size() < 2 || parts.stream().anyMatch(Concatenation.class::isInstance)) {
                throw new IllegalArgumentException("not a concatenation of single values: " + parts);
            }
        }
    }

    /** Returns the concatenation of these values; a single value is returned unchanged. */
    static Expression of(Expression... parts) {
        return parts.length == 1 ? parts[0] : new Concatenation(List.of(parts));
    }

    /** Returns the single values, in order. */
    default List<Expression> parts() {
        return switch (this) {
            case Field field -> List.of(field);
            case Random random -> List.of(random);
            case Concatenation(List<Expression> parts) -> parts;
        };
    }
}
