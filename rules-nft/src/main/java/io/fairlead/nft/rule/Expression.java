package io.fairlead.nft.rule;

import java.util.List;

/** Something a rule computes from a packet: what maps and sets are looked up by, or filled with. */
public sealed interface Expression {

    /** A field of the packet or of its conntrack entry. In an IPv6 table the addresses are IPv6. */
    enum Field implements Expression {
        SOURCE_ADDRESS,
        DESTINATION_ADDRESS,
        PROTOCOL,
        /** Destination port of whatever transport protocol it is. */
        PORT,
        TCP_PORT,
        UDP_PORT,
        SCTP_PORT,
        /** The destination address before it was translated. */
        ORIGINAL_ADDRESS,
        /** The destination port before it was translated. */
        ORIGINAL_PORT
    }

    /**
     * A random number.
     *
     * @param modulus at least 1; the number is in 0 to modulus - 1, each as likely
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

    /** Several values side by side. */
    record Concatenation(List<Expression> parts) implements Expression {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if there are not at least two parts, or one is a concatenation itself
         */
        public Concatenation {
            parts = List.copyOf(parts);
            if (parts.size() < 2 || parts.stream().anyMatch(Concatenation.class::isInstance)) {
                throw new IllegalArgumentException("not a concatenation of single values: " + parts);
            }
        }
    }

    /** These side by side; one alone stays what it is. */
    static Expression of(Expression... parts) {
        return parts.length == 1 ? parts[0] : new Concatenation(List.of(parts));
    }

    /** The single values in this, in order. */
    default List<Expression> parts() {
        return switch (this) {
            case Field field -> List.of(field);
            case Random random -> List.of(random);
            case Concatenation(List<Expression> parts) -> parts;
        };
    }
}
