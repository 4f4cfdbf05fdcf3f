package io.fairlead.nftables.listing;

import io.fairlead.nftables.read.Bytes;
import java.util.List;

/** The description of a register's content: how a rule computes it, and its length in bytes. */
sealed interface Term {
    int length();

    /** Bytes of the packet. Their name depends on the protocols that the rule has matched before. */
    record Payload(int base, int offset, int length) implements Term {}

    /**
     * A value that nft has a name for, for example "meta mark".
     *
     * @param type nft's number for the type
     * @param host whether numbers are in the machine's byte order
     */
    record Named(String text, int type, int length, boolean host) implements Term {}

    /** A constant. */
    record Constant(Bytes bytes) implements Term {
        @Override
        public int length() {
            return bytes.length();
        }
    }

    /** The value of {@code term & mask ^ flip}. */
    record Masked(Term term, Bytes mask, Bytes flip) implements Term {
        @Override
        public int length() {
            return term.length();
        }
    }

    /** A value that is shifted by a number of bits. */
    record Shifted(Term term, boolean left, int bits) implements Term {
        @Override
        public int length() {
            return term.length();
        }
    }

    /** A hash of several values. */
    record Hashed(List<Term> of, String rest) implements Term {
        @Override
        public int length() {
            return Integer.BYTES;
        }
    }

    /** A value whose bytes are in reverse order. */
    record Turned(Term term) implements Term {
        @Override
        public int length() {
            return term.length();
        }
    }

    /** The data of the map's element with this key. */
    record Mapped(List<Term> key, ListedSet map) implements Term {
        @Override
        public int length() {
            return map.raw().dataLength();
        }
    }

    /** The result of an expression that is not understood. */
    record Unknown(String name) implements Term {
        @Override
        public int length() {
            return Integer.BYTES;
        }
    }
}
