package io.fairlead.nftables.write;

import static io.fairlead.nftables.NfTables.NFT_REG32_00;

/**
 * The registers in which a rule stores values: there are 16, of 4 bytes each. Each value begins in a new register. For
 * the same rule, nft 1.0.6 to 1.1.7 use the same registers.
 */
final class Registers {
    static final int FIRST = NFT_REG32_00;
    private static final int WORD = 4;
    /**
     * The length in bytes of the kernel's first registers. nft still aligns values to this length, except the parts of
     * a concatenation.
     */
    private static final int LONG = 16;

    private Registers() {}

    /** Returns a length in bytes, rounded up to whole registers. */
    static int padded(int length) {
        return length + WORD - 1 & -WORD;
    }

    /** Returns the register after a part of a concatenation that has this length in bytes. */
    static int after(int register, int length) {
        return register + padded(length) / WORD;
    }

    /** Returns the register after a value that is not a part of a concatenation. */
    static int afterWhole(int register, int length) {
        return register + (length + LONG - 1 & -LONG) / WORD;
    }
}
