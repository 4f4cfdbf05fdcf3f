package io.fairlead.nftables.write;

import static io.fairlead.nftables.NfTables.NFT_REG32_00;

/**
 * The registers in which a rule computes: 16 of 4 bytes. Each value begins in a register of its own. nft 1.0.6 to 1.1.7
 * use the same ones for the same text.
 */
final class Registers {
    static final int FIRST = NFT_REG32_00;
    private static final int WORD = 4;
    /** The kernel had registers of this length first, and nft still counts in them for values that are no parts. */
    private static final int LONG = 16;

    private Registers() {}

    /** Returns the length that a value needs. */
    static int padded(int length) {
        return length + WORD - 1 & -WORD;
    }

    /** Returns the register after a part of a concatenation. */
    static int after(int register, int length) {
        return register + padded(length) / WORD;
    }

    /** Returns the register after a whole value. */
    static int afterWhole(int register, int length) {
        return register + (length + LONG - 1 & -LONG) / WORD;
    }
}
